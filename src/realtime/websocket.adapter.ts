import type { INestApplicationContext, WsMessageHandler } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { Answer, Connection, FrameHandler } from './connection.js';
import { DialectBinder } from './dialect-binder.js';

/** What the framework takes for a gateway's server: the dialect by whose name connections are bound to it. */
interface DialectServer {
  readonly dialect: string;
}

type Binding = (connection: Connection) => void;

/**
 * Binds the framework's gateways to connections. The framework's own adapter knows no path parameters, drops what it does
 * not understand and parses each frame once for every gateway of a path; here the upgrade and the message listener are
 * the engine's, and a gateway is bound to the connections that speak its dialect, where it is not called directly
 * (`direct-handlers.ts`).
 */
export class DialectAdapter extends WsAdapter {
  private readonly binder: DialectBinder;

  constructor(app: INestApplicationContext) {
    super(app);
    this.binder = app.get(DialectBinder);
  }

  override create(_port: number, options: { namespace?: string } = {}): DialectServer {
    return { dialect: options.namespace?.slice(1) ?? '' }; // the framework spells a namespace with a slash
  }

  override bindClientConnect(server: DialectServer, callback: Binding): void {
    if (server.dialect === '') throw new Error('A gateway is declared with @DialectGateway, so that it has a dialect');
    this.binder.register(server.dialect, callback);
  }

  override bindClientDisconnect(connection: Connection, callback: () => void): void {
    connection.onDepart(callback);
  }

  override bindMessageHandlers(connection: Connection, handlers: WsMessageHandler[]): void {
    connection.handlers = new Map(handlers.map(({ message, callback }) => [message, toFrameHandler(callback)]));
  }

  override async close(): Promise<void> {
    // Connections are ended before the framework's servers are: see Drain.
  }

  override async dispose(): Promise<void> {}
}

/** The framework has bound the callback to its connection. */
function toFrameHandler(callback: WsMessageHandler['callback']): FrameHandler {
  return (_, frame, reply) => callback(frame, reply) as Promise<Answer>;
}
