import { Injectable } from '@nestjs/common';
import { Bus } from './bus/bus.js';

/** Milliseconds for which what the journal said is believed. */
const TERM = 3_000;

/**
 * Whether this node can know who may hear what: it hears of what is taken away by the bus or, where that is away, reads of it
 * in the journal. Where it can do neither, nothing is shown.
 */
@Injectable()
export class Certainty {
  private renewedAt = performance.now();

  constructor(private readonly bus: Bus) {}

  get holds(): boolean {
    return this.bus.isWhole || performance.now() - this.renewedAt < TERM;
  }

  /** The journal has just been read. */
  renew(): void {
    this.renewedAt = performance.now();
  }
}
