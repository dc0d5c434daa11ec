import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import type { WebSocket } from 'ws';
import { Client, PATIENCE } from './client.js';
import { checkFrame } from './published.js';

/** An event as it came: its name and its argument. */
// oxlint-disable-next-line typescript/no-explicit-any -- what a test expects of it is what it checks
export type Emitted = [event: string, data: any];

/** What an acknowledgement callback is called with. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export type Answer = any;

export type SocketIoOptions = Partial<ManagerOptions & SocketOptions>;

/** The real client, as the document's users have it; the package `socket.io-client` must be there. */
export class SocketIoClient extends Client<Emitted> {
  /** Why it was disconnected, as the client names it: `io server disconnect` is final, others reconnect. */
  readonly disconnected: Promise<string>;

  private constructor(
    readonly raw: Socket,
    extensions: string,
  ) {
    super();
    raw.onAny((event: string, data: unknown) => {
      checkFrame('socketio', extensions, data, event);
      this.arrived([event, data]);
    });
    this.disconnected = new Promise((resolve) =>
      raw.on('disconnect', (reason) => {
        this.ended(reason);
        resolve(reason);
      }),
    );
  }

  /** Connects; rejects with the `connect_error` where the server refuses. */
  static async open(url: string, options: SocketIoOptions = {}): Promise<SocketIoClient> {
    const { io } = await import('socket.io-client');
    const raw = io(url, { path: '/socket.io', forceNew: true, reconnection: false, ...options });
    const client = new SocketIoClient(raw, extensionsOf(options));
    await new Promise<void>((resolve, reject) => {
      raw.on('connect', resolve);
      raw.on('connect_error', reject);
    });
    return client;
  }

  emit(event: string, ...args: unknown[]): void {
    this.raw.emit(event, ...args);
  }

  /** Emits with an acknowledgement callback. @returns what it is called with */
  ask(event: string, ...args: unknown[]): Promise<Answer> {
    return this.raw.timeout(PATIENCE).emitWithAck(event, ...args);
  }

  override stall(): void {
    this.line.pause();
  }

  override flow(): void {
    this.line.resume();
  }

  override cut(): void {
    this.line.terminate();
  }

  override async close(): Promise<void> {
    this.raw.disconnect();
    await this.disconnected;
  }

  /** The websocket below. @throws where the client polls */
  private get line(): WebSocket {
    const { ws } = this.raw.io.engine.transport as unknown as { ws?: WebSocket };
    if (!ws) throw new Error('A client that polls has no line: connect with `transports: ["websocket"]`');
    return ws;
  }

  protected override sendFence(name: string): void {
    this.emit(name);
  }

  protected override isFence([event, data]: Emitted, name: string): boolean {
    return event === 'error' && data.message.includes(name);
  }
}

/** As the client asks for them, by `auth` or in the address. */
function extensionsOf({ auth, query }: SocketIoOptions): string {
  const [byAuth, byQuery] = [auth, query] as ({ ext?: string | string[] } | undefined)[];
  return [byAuth?.ext ?? byQuery?.ext ?? []].flat().join(',');
}

/** How the server refuses to connect a client: its `connect_error`. */
export async function connectErrorOf(
  url: string,
  options: SocketIoOptions = {},
): Promise<Error & { data?: { status: number } }> {
  const client = await SocketIoClient.open(url, options).catch((error: unknown) => error as Error);
  if (client instanceof Error) return client;
  await client.close();
  throw new Error('it was let in');
}
