import { encodeFrame } from './frame.js';
import type { Strand, Strandable } from './strand.js';

/** A frame's text, and its bytes as a websocket message: made once, for any number of sockets. */
export class Encoded implements Strandable {
  /** The frames with which it is joined, and its place among them, once a socket has been given it with others. */
  strand: Strand | undefined;
  place = 0;
  /** Frames: one. */
  readonly count = 1;
  private frame: Buffer | undefined;

  constructor(readonly text: string) {}

  get bytes(): Buffer {
    this.frame ??= encodeFrame(this.text);
    return this.frame;
  }

  /** @returns how many bytes were copied */
  copy(target: Buffer, at: number): number {
    return this.bytes.copy(target, at);
  }

  /** Bytes as a websocket message. */
  get size(): number {
    return this.bytes.length;
  }
}
