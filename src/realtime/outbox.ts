import type { Duplex } from 'node:stream';

/**
 * The frames of one turn of the event loop, in order. Outboxes that are given the same frames share one batch, so that
 * they are joined once, however many sockets they go to.
 */
class Batch {
  readonly bytes: number;
  readonly frames: number;
  private joined: Buffer | undefined;
  private successor: Batch | undefined;

  constructor(
    private readonly previous: Batch | undefined,
    private readonly frame: Buffer,
  ) {
    this.bytes = (previous?.bytes ?? 0) + frame.length;
    this.frames = (previous?.frames ?? 0) + 1;
  }

  /** This batch and one more frame. The last answer is kept: most recipients are given the same frame next. */
  followedBy(frame: Buffer): Batch {
    if (this.successor?.frame !== frame) this.successor = new Batch(this, frame);
    return this.successor;
  }

  join(): Buffer {
    this.joined ??= this.previous ? this.concatenate() : this.frame;
    return this.joined;
  }

  private concatenate(): Buffer {
    const joined = Buffer.allocUnsafe(this.bytes);
    joined.set(this.frame, this.bytes - this.frame.length);
    for (let { previous } = this; previous; previous = previous.previous) {
      joined.set(previous.frame, previous.bytes - previous.frame.length);
    }
    return joined;
  }
}

/** Outboxes with something to write, and the batch that began last: written when the turn of the event loop ends. */
class Turn {
  private outboxes: Outbox[] = [];
  private first: Batch | undefined;
  private frame: Buffer | undefined;

  begin(outbox: Outbox, frame: Buffer): Batch {
    if (this.outboxes.push(outbox) === 1) setImmediate(() => this.end());
    if (this.frame !== frame) {
      this.frame = frame;
      this.first = new Batch(undefined, frame);
    }
    return this.first!;
  }

  private end(): void {
    const { outboxes } = this;
    this.outboxes = [];
    this.first = this.frame = undefined;
    for (const outbox of outboxes) outbox.flush();
  }
}

const turn = new Turn();

/** What waits to be written to one socket: a turn's frames in one write, and a bound on what a slow reader may leave. */
export class Outbox {
  /** Frames that were written; counted once a turn. */
  sent = 0;
  private batch: Batch | undefined;
  private closed = false;

  constructor(
    private readonly stream: Duplex,
    /** Bytes of earlier turns that the reader may leave unread. */
    private readonly limit: number,
    private readonly onOverflow: () => void,
  ) {}

  /** Bytes that are not on their way to the reader yet. */
  get unread(): number {
    return this.stream.writableLength + (this.batch?.bytes ?? 0);
  }

  push(frame: Buffer): void {
    if (this.closed) return;
    this.batch = this.batch ? this.batch.followedBy(frame) : turn.begin(this, frame);
  }

  /** As {@link push}, but left out when the reader already lags behind: its room is for what must arrive. @returns whether it was taken */
  pushDroppable(frame: Buffer): boolean {
    const isWanted = this.stream.writableLength < this.limit / 4;
    if (isWanted) this.push(frame);
    return isWanted;
  }

  /** Writes what waits, in one write; or tells that the reader has left too much of what was written before. */
  flush(): void {
    const { batch } = this;
    this.batch = undefined;
    if (!batch || !this.stream.writable) return;
    if (this.stream.writableLength > this.limit) {
      this.onOverflow();
    } else {
      this.sent += batch.frames;
      this.stream.write(batch.join());
    }
  }

  /** Answered when what was pushed is on its way to the reader, or the socket is gone. */
  async drained(): Promise<void> {
    this.flush();
    const { stream } = this;
    if (!stream.writableNeedDrain || stream.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.off('drain', done).off('close', done);
        resolve();
      };
      stream.on('drain', done).on('close', done);
    });
  }

  /** Takes nothing more, and drops what waits. */
  discard(): void {
    this.closed = true;
    this.batch = undefined;
  }

  /** Writes what waits, and takes nothing more. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.stream.writableLength <= this.limit) this.flush();
  }
}
