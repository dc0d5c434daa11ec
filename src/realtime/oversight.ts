import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { CloseCode, DISMISSAL } from './close-codes.js';
import type { Connection } from './connection.js';
import type { TokenPlace } from './connection-usage.js';
import { Connections } from './connections.js';
import type { Extensions } from './extensions.js';

/** From where a connection's TCP peer comes, which may be a proxy. The address itself is kept nowhere. */
export type Network = 'loopback' | 'private' | 'public';

/** A connection of this node, as an admin may see it: nothing of what is said, and nothing that proves who someone is. */
export interface ConnectionState {
  /** uuid v7: connections sort by when they came. */
  readonly id: string;
  readonly dialect: string;
  readonly carriedBy: 'websocket' | 'polling';
  /** Null for a guest. */
  readonly user: { readonly id: string; readonly number: number; readonly username: string } | null;
  readonly since: string;
  /** Null for a guest. */
  readonly signedInBy: TokenPlace | 'user-email' | null;
  readonly network: Network;
  readonly userAgent: string | null;
  readonly extensions: readonly (keyof Extensions)[];
  /** How many conversations it has entered. */
  readonly conversations: number;
  /** Frames from its client, and for it. */
  readonly received: number;
  readonly sent: number;
  /** Bytes that its client has not read yet. */
  readonly unread: number;
}

/** Which connections to show; what is undefined does not matter. */
export interface ConnectionFilter {
  readonly userId?: string | undefined;
  readonly dialect?: string | undefined;
}

/** The connections of this node, for admins. */
@Injectable()
export class Oversight {
  constructor(private readonly connections: Connections) {}

  /** How many are open. */
  get size(): number {
    let size = 0;
    for (const connection of this.connections) if (connection.isOpen) size++;
    return size;
  }

  /** Open connections after the one of that id, by when they came; at most `count`. */
  list({ userId, dialect }: ConnectionFilter, afterId: string | undefined, count: number): ConnectionState[] {
    const found: ConnectionState[] = [];
    for (const connection of userId === undefined ? this.connections : this.connections.ofUser(userId)) {
      if (found.length === count) break;
      if (afterId !== undefined && connection.id <= afterId) continue;
      if (dialect !== undefined && connection.dialect.name !== dialect) continue;
      if (connection.isOpen) found.push(toState(connection));
    }
    return found;
  }

  find(id: string): ConnectionState | undefined {
    const connection = this.located(id);
    return connection && toState(connection);
  }

  /** Ends a connection. Its client is not to come back by itself. @returns whose it was, where there is one. */
  end(id: string): ConnectionState | undefined {
    const connection = this.located(id);
    if (!connection) return undefined;
    const state = toState(connection);
    connection.close(CloseCode.DISMISSED, DISMISSAL);
    return state;
  }

  private located(id: string): Connection | undefined {
    for (const connection of this.connections) if (connection.id === id && connection.isOpen) return connection;
    return undefined;
  }
}

function toState(connection: Connection): ConnectionState {
  const { id, dialect, principal, handshake, extensions, usage } = connection;
  const { isGuest, id: userId, number, username } = principal;
  return {
    id,
    dialect: dialect.name,
    carriedBy: connection.carriedBy ?? 'websocket',
    user: isGuest ? null : { id: userId, number, username },
    since: new Date(connection.since).toISOString(),
    signedInBy: connection.signedInBy,
    network: networkOf(handshake.credentials.peerAddress),
    userAgent: handshake.userAgent ?? null,
    extensions: (Object.keys(extensions) as (keyof Extensions)[]).filter((name) => extensions[name]),
    conversations: connection.subscriptions.size,
    received: usage.received,
    sent: connection.sent,
    unread: connection.unread,
  };
}

/** @param address of the TCP peer */
function networkOf(address: string): Network {
  if (!ipaddr.isValid(address)) return 'private'; // a unix socket's
  const range = ipaddr.process(address).range();
  if (range === 'loopback') return 'loopback';
  return range === 'unicast' ? 'public' : 'private';
}
