import { Injectable } from '@nestjs/common';
import type { Connection } from './connection.js';
import type { Service } from './registry.js';

/** Introduces connections to the gateway of the dialect that they speak. */
@Injectable()
export class DialectBinder {
  private readonly bindings = new Map<string, (connection: Connection) => void>();

  /** Tells how the framework binds a connection to a dialect's gateway. */
  register(dialect: string, binding: (connection: Connection) => void): void {
    this.bindings.set(dialect, binding);
  }

  /** Lets a connection hear what its dialect hears unasked, and its gateway greet it. */
  async prepare(connection: Connection, { gateway }: Service): Promise<void> {
    await connection.subscriptions.followMemberships();
    await gateway.onHandshake?.(connection, connection.handshake);
  }

  /** Lets its frames reach the gateway. */
  bind(connection: Connection, { dialect }: Service): void {
    this.bindings.get(dialect.name)?.(connection);
  }
}
