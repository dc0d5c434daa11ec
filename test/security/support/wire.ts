import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Milliseconds after which what a test waits for is said not to come. */
const PATIENCE = 10_000;

/** A TCP connection to a server, for what no well-behaved client would send. */
export class Wire {
  /** Answered when the connection is closed, whoever did it. */
  readonly closed: Promise<void>;
  /** All that came until now. */
  received: Buffer = Buffer.alloc(0);

  private constructor(readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()));
    socket.on('data', (part: Buffer) => (this.received = Buffer.concat([this.received, part])));
    socket.on('error', () => {}); // told by `closed`
  }

  static async open(url: string): Promise<Wire> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** A websocket that the server has accepted; what the server sent with its answer is kept. */
  static async upgrade(url: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Wire> {
    const wire = await Wire.open(url);
    wire.write(upgradeRequest(path, headers));
    const head = await wire.until('\r\n\r\n');
    if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(`not upgraded: ${head}`);
    return wire;
  }

  write(data: string | Buffer): void {
    this.socket.write(data);
  }

  /** Writes, and waits until the system has taken it all; also when the peer has hung up meanwhile. */
  async push(data: Buffer): Promise<void> {
    if (this.socket.destroyed || this.socket.write(data)) return;
    await Promise.race([once(this.socket, 'drain').catch(() => {}), this.closed]);
  }

  /** All that came, once `text` is in it. */
  async until(text: string): Promise<string> {
    const giveUpAt = Date.now() + PATIENCE;
    while (!this.received.includes(text)) {
      if (this.socket.destroyed || Date.now() > giveUpAt)
        throw new Error(`"${text}" did not come, but …${this.text().slice(-500)}`);
      await Promise.race([once(this.socket, 'data').catch(() => {}), this.closed, later(giveUpAt)]);
    }
    return this.text();
  }

  /** The code of the close frame with which the server ends the websocket within so many milliseconds; 1005 for none. */
  async closeCode(patience = PATIENCE): Promise<number | undefined> {
    await Promise.race([this.closed, this.closeFrame(Date.now() + patience)]);
    const frame = this.closeFrameNow();
    this.socket.destroy();
    return frame && (frame.length > 2 ? frame.readUInt16BE(2) : 1005);
  }

  destroy(): void {
    this.socket.destroy();
  }

  private text(): string {
    return this.received.toString('latin1');
  }

  private async closeFrame(giveUpAt: number): Promise<void> {
    while (!this.closeFrameNow() && Date.now() < giveUpAt) {
      await Promise.race([once(this.socket, 'data').catch(() => {}), this.closed, later(giveUpAt)]);
      if (this.socket.destroyed) return;
    }
  }

  private closeFrameNow(): Buffer | undefined {
    return framesIn(this.received.subarray(this.received.indexOf('\r\n\r\n') + 4)).find(({ opcode }) => opcode === 8)
      ?.bytes;
  }
}

export function upgradeRequest(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

export interface FrameOptions {
  readonly opcode?: number;
  readonly fin?: boolean;
  /** RSV1 to RSV3, as three bits. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** The length that the frame says it has, where that is not the payload's. */
  readonly says?: number;
}

/** A client's websocket frame (RFC 6455, 5.2), with whatever is wrong about it that the options say. */
export function frame(payload: string | Buffer = '', options: FrameOptions = {}): Buffer {
  const { opcode = 1, fin = true, reserved = 0, masked = true } = options;
  const data = Buffer.from(payload as string);
  const length = options.says ?? data.length;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), data]); // a mask of zeros changes nothing
}

interface ServerFrame {
  readonly opcode: number;
  readonly bytes: Buffer;
}

/** The whole frames of a server's, which are not masked. */
function framesIn(bytes: Buffer): ServerFrame[] {
  const frames: ServerFrame[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = bytes[at + 1]! & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + head > bytes.length) break;
    const length = head === 2 ? short : head === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    const end = at + head + length;
    if (end > bytes.length) break;
    frames.push({ opcode: bytes[at]! & 0x0f, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return frames;
}

function later(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now())).unref());
}
