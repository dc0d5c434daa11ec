import type { Duplex } from 'node:stream';
import type { Encoded } from './encoded.js';
import { Scratch } from './scratch.js';
import { Run } from './strand.js';

/** Outboxes with something to write: written when the turn of the event loop ends. */
class Turn {
  private outboxes: Outbox[] = [];

  add(outbox: Outbox): void {
    if (this.outboxes.push(outbox) === 1) setImmediate(() => this.end());
  }

  private end(): void {
    const { outboxes } = this;
    this.outboxes = [];
    for (const outbox of outboxes) outbox.flush();
  }
}

const turn = new Turn();
const scratch = new Scratch();

/** What waits to be written to one socket: a turn's frames in one write, and a bound on what a slow reader may leave. */
export class Outbox {
  /** Frames that were written; counted once a turn. */
  sent = 0;
  /** What waits, when it is one frame that others get too: at rest it costs no list. */
  private single: Encoded | undefined;
  /** What else waits, in order; undefined when nothing does. */
  private waiting: (Encoded | Run)[] | undefined;
  /** The last of what waits, when it may be gone on with. */
  private run: Run | undefined;
  private closed = false;

  constructor(
    private readonly stream: Duplex,
    /** Bytes of earlier turns that the reader may leave unread. */
    private readonly limit: number,
    private readonly onOverflow: () => void,
  ) {}

  /** Bytes that are not on their way to the reader yet. */
  get unread(): number {
    const single = this.single?.size ?? 0;
    return (this.waiting ?? []).reduce((sum, { size }) => sum + size, this.stream.writableLength + single);
  }

  /** Takes a frame that other sockets get too. */
  push(frame: Encoded): void {
    if (this.closed) return;
    if (!this.single && !this.waiting) {
      this.single = frame;
      turn.add(this);
      return;
    }
    this.list();
    if (this.run?.takes(frame)) return;
    this.run = new Run(frame);
    this.add(this.run);
  }

  /** As {@link push}, but left out when the reader already lags behind: its room is for what must arrive. @returns whether it was taken */
  pushDroppable(frame: Encoded): boolean {
    const isWanted = this.stream.writableLength < this.limit / 4;
    if (isWanted) this.push(frame);
    return isWanted;
  }

  /** Takes a frame that is for this socket alone. */
  pushOwn(frame: Encoded): void {
    if (this.closed) return;
    this.list();
    this.run = undefined;
    this.add(frame);
  }

  /** Writes what waits, in one write; or tells that the reader has left too much of what was written before. */
  flush(): void {
    const { single, waiting, stream } = this;
    this.drop();
    if ((!single && !waiting) || !stream.writable) return;
    if (stream.writableLength > this.limit) this.onOverflow();
    else if (single) this.write(single);
    else if (waiting!.length === 1) this.write(waiting![0]!);
    else this.writeTogether(waiting!);
  }

  private write({ count, bytes }: Encoded | Run): void {
    this.sent += count;
    this.stream.write(bytes);
  }

  private writeTogether(parts: readonly (Encoded | Run)[]): void {
    const { stream } = this;
    for (const { count } of parts) this.sent += count;
    const bytes = scratch.take(parts.reduce((sum, { size }) => sum + size, 0));
    let end = 0;
    for (const part of parts) end += part.copy(bytes, end);
    stream.write(bytes);
    if (stream.writableLength === 0) scratch.release(bytes); // the kernel has a copy; else the stream keeps it
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
    this.drop();
  }

  /** Writes what waits, and takes nothing more. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.stream.writableLength <= this.limit) this.flush();
  }

  private drop(): void {
    this.single = this.waiting = this.run = undefined;
  }

  /** What waits is to be more than one frame. */
  private list(): void {
    if (!this.single) return;
    this.run = new Run(this.single);
    this.waiting = [this.run];
    this.single = undefined;
  }

  private add(part: Encoded | Run): void {
    if (this.waiting) {
      this.waiting.push(part);
    } else {
      this.waiting = [part];
      turn.add(this);
    }
  }
}
