import { Injectable } from '@nestjs/common';
import type { Connection } from './connection.js';

/** Every connection of this node, and those of each user. */
@Injectable()
export class Connections {
  private readonly all = new Set<Connection>();
  private readonly ofUsers = new Map<string, Set<Connection>>();
  private readonly listeners: ((userId: string, count: number) => void)[] = [];

  /** How many are nobody's. */
  guests = 0;

  add(connection: Connection): void {
    const { id, isGuest } = connection.principal;
    this.all.add(connection);
    if (isGuest) this.guests++;
    const ofUser = this.ofUsers.get(id);
    if (ofUser) ofUser.add(connection);
    else this.ofUsers.set(id, new Set([connection]));
    this.tell(connection);
    connection.onEnd(() => this.delete(connection));
  }

  ofUser(userId: string): ReadonlySet<Connection> {
    return this.ofUsers.get(userId) ?? NONE;
  }

  /** How many speak a dialect. */
  count(dialect: string): number {
    let count = 0;
    for (const connection of this.all) if (connection.isOpen && connection.dialect.name === dialect) count++;
    return count;
  }

  /** Calls `listener` whenever a user has more connections to this node, or fewer; not with guests. */
  onChange(listener: (userId: string, count: number) => void): void {
    this.listeners.push(listener);
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.all.values();
  }

  get size(): number {
    return this.all.size;
  }

  private delete(connection: Connection): void {
    const { id, isGuest } = connection.principal;
    this.all.delete(connection);
    if (isGuest) this.guests--;
    const ofUser = this.ofUsers.get(id);
    ofUser?.delete(connection);
    if (ofUser?.size === 0) this.ofUsers.delete(id);
    this.tell(connection);
  }

  private tell({ principal: { id, isGuest } }: Connection): void {
    if (isGuest) return;
    const count = this.ofUser(id).size;
    for (const listener of this.listeners) listener(id, count);
  }
}

const NONE: ReadonlySet<Connection> = new Set();
