import { connect, type Socket } from 'node:net';
import { pingFrame, pongFrame, textFrame } from './frames.js';
import { chunkBuffer, type Findings, Kind, Scanner, type Sorter } from './scanner.js';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a client asks for when it connects. */
export interface Request {
  readonly path: string;
  /** `Name: value`, one each. */
  readonly headers?: readonly string[];
}

const KEY = 'cGFybGFuY2UtYmVuY2gtMQ==';
/** Socket.IO's transport has pings of its own, as texts. */
const ENGINE_IO_PING = '2';
const ENGINE_IO_PONG = '3';
const OPCODE_CLOSE = 0x8;
const OPCODE_PING = 0x9;
const OPCODE_PONG = 0xa;
/** Milliseconds to be let in, and to be answered before that is given up. */
const PATIENCE = 30_000;
const LONGEST_QUOTE = 200;

/** A websocket client on a bare socket, which counts what it hears. */
export class Client implements Findings {
  heard = 0;
  acked = 0;
  /** What should not have happened to it, if anything did. */
  problem: string | undefined;
  /** Called once a chunk, with the messages in it. */
  whenHeard: (count: number) => void = () => {};
  whenAcked: () => void = () => {};
  /** Called with every counted frame's text, if {@link decodes}. */
  whenTold: (kind: Kind, text: string) => void = () => {};

  private readonly scanner: Scanner;
  private readonly texts: string[] = [];
  private awaiter: ((text: string) => void) | undefined;
  private answered: (() => void) | undefined;
  private isClosing = false;

  private constructor(
    private readonly socket: Socket,
    sorter: Sorter,
  ) {
    this.scanner = new Scanner(sorter, this);
  }

  /** Connects. @throws when it is not let in */
  static open(address: Address, { path, headers = [] }: Request, sorter: Sorter): Promise<Client> {
    return new Promise((resolve, reject) => {
      let answer = '';
      let client: Client | undefined;
      const read = (length: number): boolean => {
        if (client) {
          client.scanner.scan(length);
          return true;
        }
        answer += chunkBuffer.toString('latin1', 0, length);
        const end = answer.indexOf('\r\n\r\n');
        if (end < 0) return true;
        clearTimeout(timer);
        if (!answer.startsWith('HTTP/1.1 101 ')) {
          socket.destroy();
          reject(new Error(`${path.split('?', 1)[0]} was refused: ${answer.slice(0, LONGEST_QUOTE)}`));
          return true;
        }
        client = new Client(socket, sorter);
        const rest = answer.slice(end + 4);
        chunkBuffer.write(rest, 'latin1');
        client.scanner.scan(rest.length);
        resolve(client);
        return true;
      };
      const socket = connect({ ...address, noDelay: true, onread: { buffer: chunkBuffer, callback: read } });
      const timer = setTimeout(() => socket.destroy(new Error(`${path} was not answered`)), PATIENCE);
      socket.on('error', (error) => (client ? client.fail(error.message) : reject(error)));
      socket.on('close', () => (client ? client.fail('the server hung up') : reject(new Error('the server hung up'))));
      const lines = [
        `GET ${path} HTTP/1.1`,
        `Host: ${address.host}:${address.port}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${KEY}`,
        ...headers,
      ];
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    });
  }

  /** Bytes that came, headers too. */
  get bytes(): number {
    return this.scanner.bytes;
  }

  /** Hands every counted frame's text to {@link whenTold}. */
  decodes(): void {
    this.scanner.keepsTexts = true;
  }

  /** @param text ASCII */
  send(text: string): void {
    this.socket.write(textFrame(text));
  }

  /** The next frame that is neither counted nor noise. @throws when none comes */
  async next(): Promise<string> {
    const text = this.texts.shift();
    if (text !== undefined) return text;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(this.problem ?? 'an answer did not come')), PATIENCE);
        this.awaiter = resolve;
      });
    } finally {
      clearTimeout(timer);
      this.awaiter = undefined;
    }
  }

  /** Waits for the answer to what it has asked for while it came in; it does not count. */
  async acknowledgement(): Promise<void> {
    if (this.acked === 0) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(this.unexpected ?? 'an answer did not come')), PATIENCE);
        this.whenAcked = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.whenAcked = () => {};
    this.acked = 0;
  }

  /** Waits until the server has answered a ping sent now: what it wrote before has come by then. */
  async fence(): Promise<void> {
    if (this.problem !== undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.problem ??= 'a ping was not answered';
        resolve();
      }, PATIENCE);
      this.answered = () => {
        clearTimeout(timer);
        resolve();
      };
      this.socket.write(pingFrame);
    });
  }

  /** Hangs up without a word; nothing of the connection is left in the system, so that its port is free again. */
  close(): void {
    this.isClosing = true;
    this.socket.resetAndDestroy();
  }

  onMessages(count: number): void {
    this.heard += count;
    this.whenHeard(count);
  }

  onAck(): void {
    this.acked++;
    this.whenAcked();
  }

  onText(kind: Kind, text: string): void {
    if (kind !== Kind.OTHER) this.whenTold(kind, text);
    else if (text === ENGINE_IO_PING) this.send(ENGINE_IO_PONG);
    else if (this.awaiter) this.awaiter(text);
    else this.texts.push(text);
  }

  onControl(opcode: number): void {
    if (opcode === OPCODE_PING) this.socket.write(pongFrame);
    else if (opcode === OPCODE_PONG) this.answered?.();
    else if (opcode === OPCODE_CLOSE) this.fail('the server said goodbye');
  }

  /** What came unasked, and was not counted: an error, most likely. */
  get unexpected(): string | undefined {
    return this.texts[0]?.slice(0, LONGEST_QUOTE);
  }

  private fail(problem: string): void {
    if (!this.isClosing) this.problem ??= problem;
    this.answered?.();
  }
}
