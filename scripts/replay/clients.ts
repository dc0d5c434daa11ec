import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { FrameLine, Handshake, Json } from '../record/recording.js';
import type { Actor } from './stage.js';

/** What a client got from the server: a frame as a recording has it, or its end. */
export type Received = Pick<FrameLine, 'frame' | 'text' | 'binary' | 'ack'> & { readonly closed?: number | true };

/** How a client is to connect, with its placeholders filled. */
export type Connecting = Handshake & { readonly url: string; readonly actor: Actor | undefined };

/** Milliseconds until a connection is said not to open. */
const PATIENCE = 15_000;
/** What a server says to a client that shows credentials which were not good when they were recorded. */
const NO_TOKEN = 'not-a-token';
const NO_EMAIL = 'nobody@replay.example';

/** A client whose connection the server has refused. */
export interface Refused {
  readonly refused: number;
}

/** Keeps what arrives until it is asked for. */
export abstract class Client {
  isClosed = false;
  private readonly received: Received[] = [];
  private readonly fences = new Map<string, () => void>();
  private wake: () => void = () => {};

  /** Connects as recorded. */
  static open(connecting: Connecting): Promise<Client | Refused> {
    return connecting.dialect === 'socketio' ? SocketIoClient.connect(connecting) : RawClient.connect(connecting);
  }

  abstract send(line: FrameLine): void;
  abstract close(code?: number): Promise<void>;
  /** Sends what no server knows, which is refused once all that was sent before is done with. */
  protected abstract sendFence(name: string): void;

  /** What arrived first of what was not yet asked for; nothing, if nothing comes in time. */
  async next(patience: number): Promise<Received | undefined> {
    const giveUpAt = Date.now() + patience;
    while (this.received.length === 0) {
      const left = giveUpAt - Date.now();
      if (left <= 0 || this.isClosed) return undefined;
      await this.arrival(left);
    }
    return this.received.shift();
  }

  /** What is not yet asked for, and has arrived. */
  takeAll(): Received[] {
    return this.received.splice(0);
  }

  /** Gives back what is for later. */
  putBack(items: readonly Received[]): void {
    this.received.unshift(...items);
  }

  /** Waits until the server has done with all that was sent; for a server that does not answer that, for `patience`. */
  async fence(name: string, patience: number): Promise<void> {
    if (this.isClosed) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.fences.set(name, resolve);
      timer = setTimeout(resolve, patience);
      this.sendFence(name);
    });
    clearTimeout(timer);
  }

  protected arrive(item: Received): void {
    if (item.closed !== undefined) {
      this.isClosed = true;
      for (const settle of this.fences.values()) settle();
    }
    const told = item.frame === undefined ? '' : JSON.stringify(item.frame);
    for (const [name, settle] of this.fences) {
      if (told.includes(`\\"${name}\\"`)) {
        settle();
        return;
      }
    }
    this.received.push(item);
    this.wake();
  }

  private async arrival(patience: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, patience);
    });
    clearTimeout(timer);
  }
}

/** A client of a plain websocket. */
class RawClient extends Client {
  /** Closed by us: then that is not told. */
  private isLeaving = false;

  private constructor(
    private readonly socket: WebSocket,
    private readonly dialect: string,
  ) {
    super();
    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      this.arrive(isBinary ? { binary: bytes.length } : read(bytes.toString()));
    });
    socket.on('error', () => {}); // told by `close`
    socket.on('close', (code) => {
      this.isClosed = true;
      if (!this.isLeaving) this.arrive({ closed: code });
    });
  }

  static async connect({
    url,
    path,
    query = {},
    protocols = [],
    by,
    actor,
    dialect,
  }: Connecting): Promise<Client | Refused> {
    const address = new URL(url.replace('http', 'ws') + path);
    for (const [key, value] of Object.entries(query)) address.searchParams.set(key, value);
    const token = actor?.token ?? NO_TOKEN;
    const headers: Record<string, string> = {};
    const offered = [...protocols];
    if (by === 'header') headers['authorization'] = `Bearer ${token}`;
    if (by === 'query') address.searchParams.set('token', token);
    if (by === 'subprotocol') offered.push(`bearer.${token}`);
    if (by === 'User-Email') headers['user-email'] = actor?.email ?? NO_EMAIL;
    const socket = new WebSocket(address, offered, { headers, handshakeTimeout: PATIENCE });
    const client = new RawClient(socket, dialect);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(client));
      socket.on('error', reject);
      socket.on('unexpected-response', (_, { statusCode = 0 }) => {
        resolve({ refused: statusCode });
        socket.terminate();
      });
    });
  }

  send({ frame, text, binary }: FrameLine): void {
    if (this.isClosed) return;
    this.socket.send(binary === undefined ? (text ?? JSON.stringify(frame)) : Buffer.alloc(binary));
  }

  async close(code = 1000): Promise<void> {
    this.isLeaving = true;
    if (this.socket.readyState === WebSocket.CLOSED) return;
    if (code === 1006) this.socket.terminate();
    else if (code === 1005) this.socket.close();
    else this.socket.close(code);
    await once(this.socket, 'close');
  }

  protected sendFence(name: string): void {
    this.socket.send(JSON.stringify(this.dialect === 'channels' ? { type: name } : { event: name }));
  }
}

/** The real Socket.IO client. */
class SocketIoClient extends Client {
  private constructor(private readonly socket: Socket) {
    super();
    socket.onAny((...frame: Json[]) => this.arrive({ frame }));
    socket.on('disconnect', (reason) => {
      this.isClosed = true;
      if (reason !== 'io client disconnect') this.arrive({ closed: true });
    });
  }

  static async connect({
    url,
    query = {},
    by,
    actor,
    transport = 'websocket',
    ext,
  }: Connecting): Promise<Client | Refused> {
    const token = actor?.token ?? NO_TOKEN;
    const socket = io(url, {
      path: '/socket.io',
      forceNew: true,
      reconnection: false,
      timeout: PATIENCE,
      transports: [transport],
      query: { ...query, ...(by === 'query' && { token }) },
      auth: { ...(by === 'auth' && { token }), ...(ext !== undefined && { ext }) },
      ...(by === 'header' && { extraHeaders: { authorization: `Bearer ${token}` } }),
    });
    const client = new SocketIoClient(socket);
    return new Promise((resolve, reject) => {
      socket.on('connect', () => resolve(client));
      socket.on('connect_error', (error: Error & { data?: { status?: number } }) => {
        if (error.data?.status === undefined) reject(error);
        else resolve({ refused: error.data.status });
      });
    });
  }

  send({ frame, text, ack }: FrameLine): void {
    if (text !== undefined) this.socket.io.engine.write(text);
    if (!Array.isArray(frame)) return;
    const [event, ...args] = frame as readonly Json[];
    if (ack === undefined) this.socket.emit(event as string, ...args);
    else this.socket.emit(event as string, ...args, (...answer: Json[]) => this.arrive({ frame: answer, ack }));
  }

  async close(): Promise<void> {
    this.socket.disconnect();
  }

  protected sendFence(name: string): void {
    this.socket.emit(name);
  }
}

function read(text: string): Received {
  try {
    return { frame: JSON.parse(text) as Json };
  } catch {
    return { text };
  }
}
