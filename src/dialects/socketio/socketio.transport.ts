import type { Duplex } from 'node:stream';
import type { Socket } from 'socket.io';
import type { WebSocket } from 'ws';
import { CloseCode } from '../../realtime/close-codes.js';
import type { Connection, Reply } from '../../realtime/connection.js';
import type { Encoded } from '../../realtime/encoded.js';
import { Outbox } from '../../realtime/outbox.js';
import type { Transport } from '../../realtime/transport.js';

/** Closings after which the client is to ask its user first: it is told why, and does not reconnect by itself. */
const FINAL: ReadonlySet<CloseCode> = new Set([CloseCode.SIGNED_OUT, CloseCode.ABUSE]);

let turn = 0;
let isTurnCounted = false;

/** Tells turns of the event loop apart. */
function currentTurn(): number {
  if (!isTurnCounted) {
    isTurnCounted = true;
    setImmediate(() => {
      turn++;
      isTurnCounted = false;
    });
  }
  return turn;
}

/** A Socket.IO client, by polling or by websocket; Engine.IO changes from the one to the other under way. */
export class SocketIoTransport implements Transport {
  private isPaused = false;
  private readonly onReadable: (() => void)[] = [];
  private readonly onDrained: (() => void)[] = [];
  /** Bytes that Engine.IO has, and the peer, or the system for it, has not taken. */
  private queued = 0;
  /** How many of these were written in earlier turns, when that was last asked. */
  private leftOver = 0;
  private askedAt = currentTurn();
  /** Frames that Engine.IO was given. */
  private given = 0;
  /** Once there is a websocket. */
  private outbox: Outbox | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly connection: Connection,
    /** Bytes of earlier turns that the reader may leave unread. */
    private readonly limit: number,
  ) {
    const { conn } = socket;
    conn.on('upgrade', () => {
      if (this.isPaused) websocketOf(socket)?.pause();
    });
    conn.once('close', () => this.lose());
    socket.once('disconnect', () => {
      connection.end();
      conn.close(); // there is one namespace: who has left it has nothing more to say
    });
  }

  get carriedBy(): 'websocket' | 'polling' {
    return this.socket.conn.transport.name === 'polling' ? 'polling' : 'websocket';
  }

  get sent(): number {
    return this.given + (this.outbox?.sent ?? 0);
  }

  get unread(): number {
    return this.queued + (this.outbox?.unread ?? 0);
  }

  get isOpen(): boolean {
    return this.socket.connected && this.socket.conn.readyState === 'open';
  }

  send(encoded: Encoded): void {
    const outbox = this.direct();
    if (outbox) outbox.pushOwn(encoded);
    else this.write(encoded, false);
  }

  share(encoded: Encoded, droppable: boolean): boolean {
    const outbox = this.direct();
    if (!outbox) return this.write(encoded, droppable);
    if (droppable) return outbox.pushDroppable(encoded);
    outbox.push(encoded);
    return true;
  }

  /**
   * What writes ready-made frames to the socket below a websocket, joined with those of the turn, as for any other websocket;
   * nothing while Engine.IO has frames that must come before.
   */
  private direct(): Outbox | undefined {
    if (this.outbox === undefined) {
      const stream = streamOf(this.socket);
      if (stream) this.outbox = new Outbox(stream, this.limit, () => this.closeSlow());
    }
    return writeBufferOf(this.socket).length === 0 ? this.outbox : undefined;
  }

  /** By Engine.IO: a poll is answered with a frame's text, of which Engine.IO adds the first sign. */
  private write({ text, bytes }: Encoded, droppable: boolean): boolean {
    this.outbox?.flush(); // it comes before
    const left = this.leftByReader();
    if (droppable && left > this.limit / 4) return false;
    if (left > this.limit) {
      this.closeSlow();
      return true;
    }
    this.queued += bytes.length;
    this.given++;
    this.socket.conn.write(text.slice(1), preEncoded(bytes), () => {
      this.queued -= bytes.length;
      if (this.queued === 0) this.settleDrained();
    });
    return true;
  }

  /** A reply by Engine.IO that comes after what was sent before it. */
  inOrder(reply: Reply): Reply {
    return (answer) => {
      this.outbox?.flush();
      reply(answer);
    };
  }

  async drained(): Promise<void> {
    await this.outbox?.drained();
    if (this.queued === 0 || !this.isOpen) return;
    await new Promise<void>((resolve) => this.onDrained.push(resolve));
  }

  /** A websocket is not read; what a polling client posts is to wait ({@link whenReadable}). */
  pause(): void {
    this.isPaused = true;
    websocketOf(this.socket)?.pause();
  }

  resume(): void {
    this.isPaused = false;
    websocketOf(this.socket)?.resume();
    for (const proceed of this.onReadable.splice(0)) proceed();
  }

  /** Calls `proceed` when more may be read. */
  whenReadable(proceed: () => void): void {
    if (this.isPaused) this.onReadable.push(proceed);
    else proceed();
  }

  /** Engine.IO asks its clients itself, as often, and closes those who do not answer. */
  ping(): void {
    this.connection.isAlive = true;
  }

  close(code: CloseCode, reason: string): void {
    this.outbox?.close();
    if (FINAL.has(code)) {
      this.socket.emit('error', { message: reason });
      this.socket.disconnect(true);
    } else {
      this.socket.conn.close(code === CloseCode.TOO_SLOW); // what waits for a reader who does not read is dropped
    }
  }

  terminate(): void {
    websocketOf(this.socket)?.terminate();
    this.socket.conn.close(true);
  }

  /** As Engine.IO has it the peer is gone; a websocket may still be saying goodbye. */
  private lose(): void {
    this.settleDrained();
    this.connection.end();
    const websocket = websocketOf(this.socket);
    if (websocket && websocket.readyState !== websocket.CLOSED) websocket.once('close', () => this.connection.lost());
    else this.connection.lost();
  }

  private closeSlow(): void {
    this.connection.close(CloseCode.TOO_SLOW, 'too slow a reader');
  }

  private settleDrained(): void {
    for (const resolve of this.onDrained.splice(0)) resolve();
  }

  /** What one turn has for the peer is not yet left unread, however much it is. */
  private leftByReader(): number {
    const now = currentTurn();
    if (now !== this.askedAt) {
      this.askedAt = now;
      this.leftOver = this.queued;
    }
    return Math.min(this.leftOver, this.queued);
  }
}

/** Options of Engine.IO that its types keep to Socket.IO's own adapter. */
function preEncoded(frame: Buffer): { compress: boolean } {
  return { compress: false, wsPreEncodedFrame: [frame] } as { compress: boolean };
}

/** What Engine.IO has not yet given to its transport. */
function writeBufferOf({ conn }: Socket): readonly unknown[] {
  return (conn as unknown as { writeBuffer: readonly unknown[] }).writeBuffer;
}

/** The socket below the websocket, where there is one. */
function streamOf(socket: Socket): Duplex | undefined {
  const websocket = websocketOf(socket);
  return websocket && (Reflect.get(websocket, '_socket') as Duplex);
}

/** The websocket below, where there is one: Engine.IO keeps it to itself, and it alone can stop reading. */
function websocketOf({ conn }: Socket): WebSocket | undefined {
  const transport = conn.transport as unknown as { name: string; socket?: WebSocket };
  return transport.name === 'websocket' ? transport.socket : undefined;
}
