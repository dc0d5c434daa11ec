import { Injectable } from '@nestjs/common';
import { CloseCode } from './close-codes.js';

/** How often each of a few names came up. Names are ours, not clients'; should they ever not be, the rest is one. */
export class Counts<Name extends string | number = string> {
  private static readonly MOST_NAMES = 50;
  private readonly counts = new Map<Name | 'other', number>();

  /** @param names that are told of before they come up: who computes a rate misses what begins with a 1. */
  constructor(names: readonly Name[] = []) {
    for (const name of names) this.counts.set(name, 0);
  }

  add(name: Name): void {
    const known = this.counts.has(name) || this.counts.size < Counts.MOST_NAMES ? name : 'other';
    this.counts.set(known, (this.counts.get(known) ?? 0) + 1);
  }

  [Symbol.iterator](): Iterator<[name: Name | 'other', count: number]> {
    return this.counts.entries();
  }
}

/** How many values there were of each size; cheap enough for every one of them. */
export class Distribution {
  /** How many lie above the bound before and not above the bound of the same place; the last, above all bounds. */
  readonly counts: number[];
  sum = 0;

  /** @param bounds ascending */
  constructor(readonly bounds: readonly number[]) {
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let place = 0;
    while (place < this.bounds.length && value > this.bounds[place]!) place++;
    this.counts[place]!++;
    this.sum += value;
  }
}

/** Seconds, from what a quiet machine takes to what clients give up at. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** Codes of refusals that clients meet every day (`common/errors.ts`). */
const CODES = ['invalid', 'unauthenticated', 'forbidden', 'not_found', 'rate_limited', 'unavailable', 'internal'];

/** What ended a connection: the code with which it was closed, a peer that did not answer, or the peer itself. */
export type Ending = CloseCode | 'silent' | 'left';

/** What shows that a room misses something: a later change, the comparison with the database, one who resumes. */
export type RepairCause = 'overtaken' | 'sweep' | 'resume';

/** What was counted of one dialect's connections. */
export class DialectMeter {
  opened = 0;
  readonly ended = new Counts<Ending>([...Object.values(CloseCode), 'silent', 'left']);
  /** Frames from clients, good or bad. */
  received = 0;
  readonly refused = new Counts(CODES);
  /** Frames to one connection alone: answers, errors. */
  sent = 0;
  /** Frames of events, one for each connection that listens. */
  shown = 0;
  /** Of these, what its cause is not shown. */
  withheld = 0;
  /** Of these, what was left out for a reader that lags behind. */
  dropped = 0;
}

/** Times the fan-outs of rooms: from a room's first event in a turn of the event loop until its frames are written. */
export class FanOutClock {
  private turn = 1;
  private readonly begun: number[] = [];

  constructor(private readonly durations: Distribution) {}

  /**
   * To be called before each event is shown.
   *
   * @param turn what the room was answered the last time, 0 the first: a turn's further events are the same fan-out
   */
  begin(turn: number): number {
    // Ended after the outboxes are: what is shown now puts them into the same queue before the microtasks.
    if (turn !== this.turn && this.begun.push(performance.now()) === 1) queueMicrotask(() => setImmediate(this.end));
    return this.turn;
  }

  private readonly end = (): void => {
    const now = performance.now();
    for (const begun of this.begun) this.durations.observe((now - begun) / 1000);
    this.begun.length = 0;
    this.turn++;
  };
}

/**
 * What the engine, and features on its hot path, count of themselves since the process started, as plain numbers: whoever
 * publishes them reads them when asked.
 */
@Injectable()
export class Meters {
  /** Why handshakes were refused. */
  readonly handshakesRefused = new Counts([...CODES, 'too_many_connections']);
  /** What became of messages that were sent. */
  readonly messages = { inserted: 0, repeated: 0, refused: 0 };
  /** Messages that wait for their turn to be stored, now. */
  messagesWaiting = 0;
  /** Seconds that a group of messages takes to be stored, and how many are in one. */
  readonly commit = new Distribution(SECONDS);
  readonly commitSize = new Distribution(SIZES);
  /** Groups that could not be stored. */
  commitsFailed = 0;
  /** Seconds from an event's coming to a room until its frames are written to the sockets of this node. */
  readonly fanOut = new Distribution(SECONDS);
  readonly fanOutClock = new FanOutClock(this.fanOut);
  /** Gaps that rooms filled from the database, by what showed them, and the changes in them. */
  readonly repairs = new Counts<RepairCause>(['overtaken', 'sweep', 'resume']);
  changesRepaired = 0;
  /** Payloads to the other nodes, those that could not be sent, and those from them. */
  readonly bus = { sent: 0, lost: 0, received: 0 };
  /** Seconds since what another node tells was published there; it includes the difference of the two clocks. */
  readonly busLag = new Distribution(SECONDS);

  private readonly dialects = new Map<string, DialectMeter>();

  /** A group of messages was stored. */
  committed(seconds: number, size: number): void {
    this.commit.observe(seconds);
    this.commitSize.observe(size);
  }

  /** A gap was filled from the database. */
  repaired(cause: RepairCause, changes: number): void {
    this.repairs.add(cause);
    this.changesRepaired += changes;
  }

  /** To be kept by who counts often. */
  of(dialect: string): DialectMeter {
    let meter = this.dialects.get(dialect);
    if (!meter) this.dialects.set(dialect, (meter = new DialectMeter()));
    return meter;
  }
}
