import { Injectable } from '@nestjs/common';
import type { Connection } from './connection.js';
import { DirectHandlers } from './direct-handlers.js';
import type { Service } from './registry.js';

/** Introduces connections to the gateway of the dialect that they speak. */
@Injectable()
export class DialectBinder {
  private readonly bindings = new Map<string, (connection: Connection) => void>();

  constructor(private readonly direct: DirectHandlers) {}

  /** Tells how the framework binds a connection to a dialect's gateway. */
  register(dialect: string, binding: (connection: Connection) => void): void {
    this.bindings.set(dialect, binding);
  }

  /** Lets a connection's gateway greet it. */
  async greet(connection: Connection, { gateway }: Service): Promise<void> {
    await gateway.onHandshake?.(connection, connection.handshake);
  }

  /** Lets its frames reach the gateway. */
  bind(connection: Connection, service: Service): void {
    const handlers = this.direct.of(service);
    if (handlers) connection.handlers = handlers;
    else this.bindings.get(service.dialect.name)?.(connection);
  }
}
