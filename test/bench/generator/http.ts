import { connect, type Socket } from 'node:net';
import type { Address } from './client.js';

/** One answer at a time. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An HTTP client on one bare socket that is kept open: one request at a time, answers with a length. */
export class HttpClient {
  private text = '';
  private settle: ((answer: Answer) => void) | undefined;
  private fail: ((error: Error) => void) | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
    private readonly token: string,
  ) {
    socket.setEncoding('latin1').on('data', (part: string) => this.take(part));
    socket.on('error', (error) => this.fail?.(error));
    socket.on('close', () => this.fail?.(new Error('the server hung up')));
  }

  static open(address: Address, token: string): Promise<HttpClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ ...address, noDelay: true });
      const client = new HttpClient(socket, `${address.host}:${address.port}`, token);
      client.fail = reject;
      socket.once('connect', () => resolve(client));
    });
  }

  get(path: string): Promise<Answer> {
    return this.ask('GET', path, '');
  }

  /** @param body JSON, ASCII */
  post(path: string, body: string): Promise<Answer> {
    return this.ask('POST', path, body);
  }

  close(): void {
    this.fail = undefined;
    this.socket.resetAndDestroy();
  }

  private ask(method: string, path: string, body: string): Promise<Answer> {
    const lines = [`${method} ${path} HTTP/1.1`, `Host: ${this.host}`, `Authorization: Bearer ${this.token}`];
    if (body !== '') lines.push('Content-Type: application/json', `Content-Length: ${body.length}`);
    return new Promise((resolve, reject) => {
      this.settle = resolve;
      this.fail = reject;
      this.socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
    });
  }

  private take(part: string): void {
    this.text += part;
    const end = this.text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.text.slice(0, end))?.[1] ?? NaN);
    if (Number.isNaN(length)) {
      this.fail?.(new Error(`an answer without a length: ${this.text.slice(0, end)}`));
    } else if (this.text.length >= end + 4 + length) {
      const answer = { status: Number(this.text.slice(9, 12)), body: this.text.slice(end + 4, end + 4 + length) };
      this.text = this.text.slice(end + 4 + length);
      this.settle?.(answer);
    }
  }
}
