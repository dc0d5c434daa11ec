import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { Client } from './client.js';
import { checkFrame } from './published.js';

/** A frame as it came, to be compared as a whole. */
// oxlint-disable-next-line typescript/no-explicit-any -- what a test expects of it is what it checks
export type Frame = any;

/** The published dialects that plain websockets speak; one of another package's is named by any other text. */
export type SpokenDialect = 'channels' | 'dashboard' | 'flat' | 'pets' | 'tribe' | (string & {});

export interface SocketOptions {
  headers?: Record<string, string | string[]>;
  protocols?: string[];
  /** Whether pings are answered. */
  autoPong?: boolean;
  /** How the dialect's frames are read, where they are not JSON: then they are not compared with its schemas either. */
  read?: (text: string) => Frame;
  /** A frame whose refusal says its name: by default `{"event":name}` or, where frames are not JSON, the name. */
  fence?: (name: string) => object | string;
}

export interface Closed {
  code: number;
  reason: string;
}

/** A raw client, as the documents' users write them. */
export class Socket extends Client<Frame> {
  readonly closed: Promise<Closed>;

  private constructor(
    readonly raw: WebSocket,
    private dialect: SpokenDialect,
    extensions: string,
    private readonly options: SocketOptions,
  ) {
    super();
    raw.on('message', (data, isBinary) =>
      this.arrived(isBinary ? data : this.read((data as Buffer).toString(), extensions)),
    );
    raw.on('error', () => {}); // told by `closed`
    this.closed = new Promise((resolve) =>
      raw.on('close', (code, reason) => {
        this.ended(`${code} ${reason.toString()}`);
        resolve({ code, reason: reason.toString() });
      }),
    );
  }

  /** Connects; rejects with the status where the server refuses. */
  static async open(dialect: SpokenDialect, url: string, options: SocketOptions = {}): Promise<Socket> {
    const { headers, autoPong = true } = options;
    const raw = new WebSocket(url, options.protocols ?? [], { headers, autoPong });
    const socket = new Socket(raw, dialect, new URL(url).searchParams.get('ext') ?? '', options);
    await once(raw, 'open');
    return socket;
  }

  /** Sends an object as JSON, a text as it is. */
  send(frame: object | string): void {
    this.raw.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Sends the first frame of another dialect of the path: from now on the server is to speak that one. */
  correct(dialect: SpokenDialect, frame: object): void {
    this.dialect = dialect;
    this.send(frame);
  }

  /** Waits for the server to have pinged `count` times. */
  async pings(count: number): Promise<void> {
    for (let seen = 0; seen < count; seen++) await once(this.raw, 'ping');
  }

  override stall(): void {
    this.raw.pause();
  }

  override flow(): void {
    this.raw.resume();
  }

  override cut(): void {
    this.raw.terminate();
  }

  override async close(): Promise<void> {
    this.raw.close();
    await this.closed;
  }

  protected override sendFence(name: string): void {
    const { fence, read } = this.options;
    if (fence) this.send(fence(name));
    else if (read) this.send(name);
    else this.send(this.dialect === 'channels' ? { type: name } : { event: name });
  }

  protected override isFence(frame: Frame, name: string): boolean {
    return (typeof frame === 'string' ? frame : JSON.stringify(frame)).includes(name);
  }

  private read(text: string, extensions: string): Frame {
    if (this.options.read) return this.options.read(text);
    const frame: Frame = JSON.parse(text);
    checkFrame(this.dialect, extensions, frame);
    return frame;
  }
}

/** How the server refuses a handshake. */
export interface Refusal {
  status: number;
  headers: IncomingHttpHeaders;
  body: { statusCode: number; error: string; message: string };
}

/** The HTTP answer to a handshake that may not connect. */
export async function refusalOf(url: string, { headers, protocols = [] }: SocketOptions = {}): Promise<Refusal> {
  const raw = new WebSocket(url, protocols, { headers });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    raw.on('unexpected-response', (_, response) => resolve(response));
    raw.on('open', () => reject(new Error('it was let in')));
    raw.on('error', reject);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: JSON.parse(Buffer.concat(chunks).toString()) as Refusal['body'],
  };
}
