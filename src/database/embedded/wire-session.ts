import type { Socket } from 'node:net';

/** What a session needs of the database: run whole protocol messages, answer with the protocol's bytes. */
export interface Backend {
  execProtocolRawSync(message: Uint8Array): Uint8Array;
}

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
const READY_FOR_QUERY = 0x5a; // 'Z'
const IDLE = 0x49; // 'I'

/**
 * Shares PGlite's one session between several PostgreSQL clients, as a pooler in transaction mode does.
 *
 * A client's messages run as a unit, from the first to the `Sync` or `Query` that ends it, so that two clients' unnamed
 * statements never mix; while a client is in a transaction, the others wait. What a client sets (`SET`) the others have too
 * until it leaves: that is for tools, not for a server.
 */
export class SessionTurns {
  private readonly waiting: WireSession[] = [];
  private owner: WireSession | undefined;
  /** Someone has left since the settings were last put back. */
  private hasLeft = false;

  constructor(private readonly backend: Backend) {}

  /** Gives a client that has connected a session, until it hangs up. */
  serve(socket: Socket): WireSession {
    return new WireSession(socket, this);
  }

  /** Runs what `session` has ready, now or when its turn comes. */
  request(session: WireSession): void {
    if (!this.waiting.includes(session)) this.waiting.push(session);
    this.run();
  }

  /** Ends a departed client's transaction, and forgets the statements it prepared and what it set. */
  leave(session: WireSession): void {
    const place = this.waiting.indexOf(session);
    if (place >= 0) this.waiting.splice(place, 1);
    if (this.owner === session) {
      this.owner = undefined;
      this.backend.execProtocolRawSync(query('ROLLBACK'));
    }
    if (session.hasPrepared) this.backend.execProtocolRawSync(query('DEALLOCATE ALL'));
    this.hasLeft = true;
    this.run();
  }

  private run(): void {
    for (;;) {
      if (this.hasLeft && !this.owner) {
        this.hasLeft = false;
        this.backend.execProtocolRawSync(query('RESET ALL'));
      }
      const place = this.owner ? this.waiting.indexOf(this.owner) : 0;
      const [session] = place < 0 ? [] : this.waiting.splice(place, 1);
      if (!session) return;
      for (let unit = session.nextUnit(); unit; unit = session.nextUnit()) {
        const answer = this.backend.execProtocolRawSync(unit);
        session.answer(answer);
        this.owner = isIdle(answer) ? undefined : session;
      }
    }
  }
}

/** One client's connection: cuts its byte stream into units that may run. */
export class WireSession {
  hasPrepared = false;
  private buffered: Buffer = Buffer.alloc(0);
  private started = false;

  constructor(
    private readonly socket: Socket,
    private readonly turns: SessionTurns,
  ) {
    socket.on('data', (data: Buffer) => {
      this.buffered = this.buffered.length === 0 ? data : Buffer.concat([this.buffered, data]);
      this.turns.request(this);
    });
    socket.on('close', () => this.turns.leave(this));
    socket.on('error', () => socket.destroy());
  }

  /** The next bytes that may run as a whole, or nothing when more must arrive first. */
  nextUnit(): Buffer | undefined {
    if (!this.started) return this.startup();
    let end = 0;
    while (this.buffered.length - end >= 5) {
      const type = String.fromCharCode(this.buffered[end] ?? 0);
      const next = end + 1 + this.buffered.readInt32BE(end + 1);
      if (next > this.buffered.length) return undefined;
      if (type === 'X') {
        this.socket.end();
        return undefined;
      }
      if (type === 'P' && this.buffered[end + 5] !== 0) this.hasPrepared = true;
      end = next;
      if (type === 'Q' || type === 'S') return this.take(end);
    }
    return undefined;
  }

  answer(bytes: Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  private startup(): Buffer | undefined {
    while (this.buffered.length >= 8) {
      const length = this.buffered.readInt32BE(0);
      const code = this.buffered.readInt32BE(4);
      if (this.buffered.length < length) return undefined;
      if (code === SSL_REQUEST || code === GSS_REQUEST) {
        this.take(length);
        this.answer(Buffer.from('N'));
        continue;
      }
      if (code === CANCEL_REQUEST) {
        this.socket.end(); // one session runs one statement at a time, synchronously: there is nothing to cancel
        return undefined;
      }
      this.started = true;
      return this.take(length);
    }
    return undefined;
  }

  private take(length: number): Buffer {
    const unit = this.buffered.subarray(0, length);
    this.buffered = this.buffered.subarray(length);
    return unit;
  }
}

/** An answer ends with ReadyForQuery, whose last byte is the transaction's state. */
function isIdle(answer: Uint8Array): boolean {
  return answer.at(-6) !== READY_FOR_QUERY || answer.at(-1) === IDLE;
}

function query(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const message = Buffer.alloc(5 + text.length);
  message.write('Q');
  message.writeInt32BE(4 + text.length, 1);
  text.copy(message, 5);
  return message;
}
