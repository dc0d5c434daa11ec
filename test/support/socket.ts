import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { checkFrame, type DialectName } from './published.js';

/** A frame as it came, to be compared as a whole. */
// oxlint-disable-next-line typescript/no-explicit-any -- what a test expects of it is what it checks
export type Frame = any;

export type SpokenDialect = Exclude<DialectName, 'socketio'>;

export interface SocketOptions {
  headers?: Record<string, string | string[]>;
  protocols?: string[];
  /** Whether pings are answered. */
  autoPong?: boolean;
}

export interface Closed {
  code: number;
  reason: string;
}

/** Milliseconds after which a frame that a test waits for is said not to come. */
const PATIENCE = 12_000;

/** A raw client, as the documents' users write them: it keeps what arrives until a test asks for it. */
export class Socket {
  readonly closed: Promise<Closed>;
  private readonly frames: Frame[] = [];
  private wake: () => void = () => {};
  private fences = 0;

  private constructor(
    readonly raw: WebSocket,
    private dialect: SpokenDialect,
    extensions: string,
  ) {
    raw.on('message', (data, isBinary) => {
      const frame: Frame = isBinary ? data : JSON.parse((data as Buffer).toString());
      checkFrame(this.dialect, extensions, frame);
      this.frames.push(frame);
      this.wake();
    });
    raw.on('error', () => {}); // told by `closed`
    this.closed = new Promise((resolve) =>
      raw.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  /** Connects; rejects with the status where the server refuses. */
  static async open(
    dialect: SpokenDialect,
    url: string,
    { protocols = [], ...options }: SocketOptions = {},
  ): Promise<Socket> {
    const raw = new WebSocket(url, protocols, options);
    const socket = new Socket(raw, dialect, new URL(url).searchParams.get('ext') ?? '');
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

  /** The next frame. */
  async next(): Promise<Frame> {
    const giveUpAt = Date.now() + PATIENCE;
    while (this.frames.length === 0) await this.arrival(giveUpAt);
    return this.frames.shift();
  }

  /** The next `count` frames. */
  async take(count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** What arrived before the answer to a frame sent now: silence is proved by it, not waited for. */
  async untilFence(): Promise<Frame[]> {
    const name = `fence-${++this.fences}`;
    this.send(this.dialect === 'channels' ? { type: name } : { event: name });
    const before: Frame[] = [];
    for (;;) {
      const frame = await this.next();
      const { message } = this.dialect === 'pets' ? frame.params : frame;
      if (typeof message === 'string' && message.includes(`"${name}"`)) return before;
      before.push(frame);
    }
  }

  /** Waits for the server to have pinged `count` times. */
  async pings(count: number): Promise<void> {
    for (let seen = 0; seen < count; seen++) await once(this.raw, 'ping');
  }

  async close(): Promise<void> {
    this.raw.close();
    await this.closed;
  }

  private async arrival(giveUpAt: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.wake = resolve;
        timer = setTimeout(() => reject(new Error('the frame did not come')), giveUpAt - Date.now());
        void this.closed.then(({ code, reason }) => reject(new Error(`closed instead: ${code} ${reason}`)));
      });
    } finally {
      clearTimeout(timer);
    }
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
