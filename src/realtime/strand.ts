/** A frame that may be in a strand, and knows its place there. */
export interface Strandable {
  readonly bytes: Buffer;
  strand: Strand | undefined;
  place: number;
}

/**
 * Frames that several sockets are given in one turn of the event loop, in order, joined once for all of them. A frame is in
 * one strand, and knows its place there: so it costs a socket that is given the same frames as the others two comparisons,
 * and nothing else.
 */
export class Strand {
  private readonly frames: Strandable[] = [];
  /** Where each frame begins, and at last where they end. */
  private readonly starts = [0];
  private joined: Buffer | undefined;

  get length(): number {
    return this.frames.length;
  }

  append(frame: Strandable): void {
    frame.strand = this;
    frame.place = this.frames.push(frame) - 1;
    this.starts.push(this.starts[frame.place]! + frame.bytes.length);
  }

  /** How many bytes the frames from one place to before another have. */
  size(from: number, to: number): number {
    return this.starts[to]! - this.starts[from]!;
  }

  /** The bytes of the frames from one place to before another. A small part is copied: a reader must not keep the whole. */
  join(from: number, to: number): Buffer {
    if (to - from === 1) return this.frames[from]!.bytes;
    const whole = this.joinWhole();
    if (to - from === this.frames.length) return whole;
    const part = whole.subarray(this.starts[from], this.starts[to]);
    return part.length < whole.length / 2 ? Buffer.from(part) : part;
  }

  /** Copies the bytes of the frames from one place to before another. @returns how many they are */
  copy(from: number, to: number, target: Buffer, at: number): number {
    if (to - from === 1) return this.frames[from]!.bytes.copy(target, at);
    return this.joinWhole().copy(target, at, this.starts[from], this.starts[to]);
  }

  private joinWhole(): Buffer {
    const size = this.starts.at(-1)!;
    if (this.joined?.length !== size) {
      this.joined = Buffer.allocUnsafe(size);
      for (const [place, { bytes }] of this.frames.entries()) this.joined.set(bytes, this.starts[place]);
    }
    return this.joined;
  }
}

/** What one socket is given of a strand: neighbouring frames. */
export class Run {
  private readonly strand: Strand;
  private readonly from: number;
  private to: number;

  /** Begins with a frame, which begins a strand where it is in none. */
  constructor(frame: Strandable) {
    if (!frame.strand) new Strand().append(frame);
    this.strand = frame.strand!;
    this.from = frame.place;
    this.to = frame.place + 1;
  }

  /** Takes a frame that comes next in the strand, or may; whether it did. */
  takes(frame: Strandable): boolean {
    if (frame.strand === undefined && this.to === this.strand.length) this.strand.append(frame);
    if (frame.strand !== this.strand || frame.place !== this.to) return false;
    this.to++;
    return true;
  }

  /** Frames. */
  get count(): number {
    return this.to - this.from;
  }

  get size(): number {
    return this.strand.size(this.from, this.to);
  }

  get bytes(): Buffer {
    return this.strand.join(this.from, this.to);
  }

  /** @returns how many bytes were copied */
  copy(target: Buffer, at: number): number {
    return this.strand.copy(this.from, this.to, target, at);
  }
}
