import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { checkFrame } from './published.js';

/** An event as it came: its name and its argument. */
// oxlint-disable-next-line typescript/no-explicit-any -- what a test expects of it is what it checks
export type Emitted = [event: string, data: any];

/** What an acknowledgement callback is called with. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export type Answer = any;

export type SocketIoOptions = Partial<ManagerOptions & SocketOptions>;

/** Milliseconds after which an event that a test waits for is said not to come. */
const PATIENCE = 12_000;

/** The real client, as the document's users have it: it keeps what arrives until a test asks for it. */
export class SocketIoClient {
  /** Why it was disconnected, as the client names it: `io server disconnect` is final, others reconnect. */
  readonly disconnected: Promise<string>;
  private readonly events: Emitted[] = [];
  private wake: () => void = () => {};
  private fences = 0;

  private constructor(
    readonly raw: Socket,
    extensions: string,
  ) {
    raw.onAny((event: string, data: unknown) => {
      checkFrame('socketio', extensions, data, event);
      this.events.push([event, data]);
      this.wake();
    });
    this.disconnected = new Promise((resolve) => raw.on('disconnect', resolve));
  }

  /** Connects; rejects with the `connect_error` where the server refuses. */
  static async open(url: string, options: SocketIoOptions = {}): Promise<SocketIoClient> {
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

  /** The next event, waited for if need be. */
  async next(): Promise<Emitted> {
    const giveUpAt = Date.now() + PATIENCE;
    while (this.events.length === 0) await this.arrival(giveUpAt);
    return this.events.shift()!;
  }

  /** The next `count` events. */
  async take(count: number): Promise<Emitted[]> {
    const events: Emitted[] = [];
    while (events.length < count) events.push(await this.next());
    return events;
  }

  /** What arrived before the answer to an event emitted now: silence is proved by it, not waited for. */
  async untilFence(): Promise<Emitted[]> {
    const name = `fence-${++this.fences}`;
    this.emit(name);
    const before: Emitted[] = [];
    for (;;) {
      const [event, data] = await this.next();
      if (event === 'error' && data.message.includes(`"${name}"`)) return before;
      before.push([event, data]);
    }
  }

  close(): void {
    this.raw.disconnect();
  }

  private async arrival(giveUpAt: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.wake = resolve;
        timer = setTimeout(() => reject(new Error('the event did not come')), giveUpAt - Date.now());
        void this.disconnected.then((reason) => reject(new Error(`disconnected instead: ${reason}`)));
      });
    } finally {
      clearTimeout(timer);
    }
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
  client.close();
  throw new Error('it was let in');
}
