import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { RawData, WebSocket } from 'ws';
import { CloseCode } from './close-codes.js';
import type { Connection } from './connection.js';
import type { Encoded } from './encoded.js';
import { Outbox } from './outbox.js';
import type { Transport } from './transport.js';

const logger = new Logger('WebSocketTransport');

/** A raw websocket. Its control frames are `ws`'s; messages go past it, ready-made, to the socket below. */
export class WebSocketTransport implements Transport {
  readonly carriedBy = 'websocket';
  private readonly outbox: Outbox;

  constructor(
    private readonly socket: WebSocket,
    stream: Duplex,
    connection: Connection,
    sendBufferBytes: number,
    onMessage: (data: RawData, isBinary: boolean) => void,
  ) {
    this.outbox = new Outbox(stream, sendBufferBytes, () => connection.close(CloseCode.TOO_SLOW, 'too slow a reader'));
    socket.on('message', (data, isBinary) => {
      connection.isAlive = true;
      if (!connection.isEnded) onMessage(data, isBinary);
    });
    socket.on('pong', () => (connection.isAlive = true));
    socket.on('error', (error) => {
      logger.debug(`${connection.id} failed: ${error.message}`);
      this.outbox.discard(); // a frame too large or malformed: ws has sent the close frame, and waits for the peer's
      connection.end();
    });
    socket.once('close', () => connection.lost());
  }

  get sent(): number {
    return this.outbox.sent;
  }

  get unread(): number {
    return this.outbox.unread;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  send(encoded: Encoded): void {
    this.outbox.pushOwn(encoded);
  }

  share(encoded: Encoded, droppable: boolean): boolean {
    if (droppable) return this.outbox.pushDroppable(encoded);
    this.outbox.push(encoded);
    return true;
  }

  drained(): Promise<void> {
    return this.outbox.drained();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  ping(): void {
    this.socket.ping();
  }

  close(code: CloseCode, reason: string): void {
    this.outbox.close();
    this.socket.close(code, reason); // ws cuts the socket of a peer that does not answer it within 30 s
  }

  terminate(): void {
    this.socket.terminate();
  }
}
