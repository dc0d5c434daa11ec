import { Logger } from '@nestjs/common';
import type { Place } from '../dialects/dialect.js';
import { Audience } from './audience.js';
import { CloseCode } from './close-codes.js';
import type { Listener } from './listener.js';
import type { ConversationRef, DomainEvent, MessageEvent } from './events.js';
import type { Meters, RepairCause } from './meters.js';
import type { ChangeLog } from './ports.js';
import type { Tracer } from './tracer.js';

/** Where a connection stands when it enters: what it hears next comes after `offset`. */
export interface Entry {
  readonly offset: number;
  /** Whether everything between the offset that it asked for and this one follows. */
  readonly recovered: boolean;
}

/** How a connection begins to listen. */
export interface Entrance {
  /** Catch up from this offset, where the client left off. */
  readonly since?: number | undefined;
  /** Called before the first change is shown. */
  readonly answer?: ((entry: Entry) => void) | undefined;
  /** Asked after every wait: a connection that has ended, or may not hear this any more, does not enter. */
  readonly isWanted: () => boolean;
  /** Called as it begins to listen, with the offset after which it has heard, or hears, every change. */
  readonly onJoined?: ((from: number) => void) | undefined;
}

/** Changes that may be missing at once; a node further behind lets its listeners reconnect and resume. */
const REPAIR_LIMIT = 10_000;
/** Changes that wait, out of order, for the ones before them; more are read from the database instead. */
const EARLY_LIMIT = 1_000;
/** Changes that may wait for one who enters and reads slowly. */
const MEANWHILE_LIMIT = 10_000;
/** Changes of the past that are shown before it is asked whether they are read. */
const SLICE = 100;
/** Milliseconds in which what the bus overtook comes by itself. */
const PATIENCE = 50;
const RETRY_AFTER = 1_000;

/** Someone who enters, and what waits to be shown until that one listens like the others. */
interface Joiner {
  readonly listener: Listener;
  meanwhile: DomainEvent[];
}

const logger = new Logger('Room');

/**
 * One conversation on this node: shows every change once, in the order of the offsets, to all who listen, whatever the
 * bus lost, repeated or reordered. A gap is filled from the database before anything after it is shown.
 */
export class Room {
  /** Those who have entered. */
  readonly audience: Audience;
  /** Those whose user takes part, and who have not entered unasked. */
  readonly attendance: Audience;
  /** Connections and callers that hold it open. */
  holders = 0;
  /** Answered when the room hears its conversation and knows where it stands. */
  opened: Promise<void> = Promise.resolve();

  /** The newest offset shown; unknown until it is opened. */
  private position: number | undefined;
  /** The newest offset heard of. */
  private horizon = 0;
  private readonly early = new Map<number, MessageEvent>();
  private readonly joiners = new Set<Joiner>();
  private repairTimer: NodeJS.Timeout | undefined;
  private repairing: Promise<void> | undefined;
  /** What has last shown that something is missing. */
  private repairCause: RepairCause = 'overtaken';
  /** For the meter of fan-outs. */
  private timedTurn = 0;

  constructor(
    readonly conversation: ConversationRef,
    private readonly log: ChangeLog,
    private readonly resumeLimit: number,
    private readonly meters: Meters,
    private readonly tracer?: Tracer,
  ) {
    this.audience = new Audience('entered', meters);
    this.attendance = new Audience('attending', meters);
  }

  /** Starts at the conversation's newest offset, as the database has it after the room has begun to listen. */
  open(offset: number): void {
    this.position = offset;
    this.drain();
  }

  receive(event: DomainEvent): void {
    if (!isChange(event)) {
      this.show(event);
    } else if (event.offset === this.next) {
      this.deliver(event);
      this.drain();
    } else if (this.position === undefined || event.offset > this.position) {
      this.horizon = Math.max(this.horizon, event.offset);
      this.repairCause = 'overtaken';
      if (this.early.size < EARLY_LIMIT) this.early.set(event.offset, event);
      if (this.position !== undefined) this.repairSoon();
    }
  }

  /** Takes note that the conversation has come to an offset; what is missing is filled in. */
  expect(offset: number): void {
    if (this.position === undefined || offset <= this.position) return;
    this.horizon = Math.max(this.horizon, offset);
    this.repairCause = 'sweep';
    this.repairSoon();
  }

  /**
   * Lets a connection listen. With `since`, first what it missed: what happens meanwhile waits, so that nothing falls
   * between the past and the present.
   *
   * @returns whether it listens: not when it was not wanted any more.
   */
  async join(listener: Listener, place: Place, { since, answer, isWanted, onJoined }: Entrance): Promise<boolean> {
    const joiner: Joiner = { listener, meanwhile: [] };
    this.joiners.add(joiner);
    try {
      const { newest, past } = since === undefined ? this.present() : await this.past(since);
      if (!isWanted()) return false;
      answer?.({ offset: newest, recovered: past !== undefined });
      joiner.meanwhile = [...(past ?? []), ...joiner.meanwhile.filter(isAfter(newest))];
      const from = past && since !== undefined ? since : newest;
      return await this.letIn(joiner, place, isWanted, () => onJoined?.(from));
    } finally {
      this.joiners.delete(joiner);
    }
  }

  /**
   * Shows a connection that has been listening since `from` what it missed between `since` and then. It is told nothing new
   * until that is done; what it has heard already it does not hear again.
   */
  async rejoin(listener: Listener, from: number, { since, answer, isWanted, onJoined }: Entrance): Promise<void> {
    const heard = this.position ?? from;
    if (since === undefined) return answer?.({ offset: heard, recovered: false });
    const joiner: Joiner = { listener, meanwhile: [] };
    this.joiners.add(joiner);
    this.leave(listener, 'entered');
    try {
      const { newest, past } = await this.past(since);
      if (!isWanted()) return;
      answer?.({ offset: past ? newest : heard, recovered: past !== undefined });
      const missed = (past ?? []).filter(({ offset }) => offset <= from || offset > heard);
      const last = past ? newest : heard;
      if (past) from = Math.min(since, from);
      joiner.meanwhile = [...missed, ...joiner.meanwhile.filter(isAfter(last))];
    } finally {
      if (isWanted()) await this.letIn(joiner, 'entered', isWanted, () => onJoined?.(from));
      this.joiners.delete(joiner);
    }
  }

  leave(listener: Listener, place: Place): void {
    this.at(place).delete(listener);
  }

  private at(place: Place): Audience {
    return place === 'entered' ? this.audience : this.attendance;
  }

  private get next(): number | undefined {
    return this.position === undefined ? undefined : this.position + 1;
  }

  private present(): { newest: number; past: undefined } {
    return { newest: this.position ?? 0, past: undefined };
  }

  /** The changes after `since`, or none where they are too many or `since` is from the future; never a part. */
  private async past(since: number): Promise<{ newest: number; past: MessageEvent[] | undefined }> {
    const past = await this.log.since(this.conversation.id, since, this.resumeLimit + 1);
    const newest = past.at(-1)?.offset ?? since;
    if (newest - since > this.resumeLimit || (newest === since && (await this.isFuture(since)))) return this.present();
    // Nothing up to `newest` may be shown to it a second time, so the room must have passed it before it listens.
    this.horizon = Math.max(this.horizon, newest);
    this.repairCause = 'resume';
    await this.repair();
    return { newest, past };
  }

  private async isFuture(offset: number): Promise<boolean> {
    return offset > (this.position ?? 0) && offset > (await this.log.newest(this.conversation.id));
  }

  /**
   * Shows what waits for a joiner, at the pace at which it is read, and in the same moment in which nothing waits any more
   * lets it listen like the others.
   */
  private async letIn(
    joiner: Joiner,
    place: Place,
    isWanted: () => boolean,
    onListening: () => void,
  ): Promise<boolean> {
    const { listener, meanwhile } = joiner;
    while (meanwhile.length > 0) {
      for (const event of meanwhile.splice(0, SLICE)) listener.show(event, place);
      if (meanwhile.length === 0) break;
      await listener.drained();
      if (!isWanted()) return false;
    }
    this.joiners.delete(joiner);
    this.at(place).add(listener);
    onListening();
    return true;
  }

  private deliver(event: MessageEvent): void {
    this.position = event.offset;
    if (event.type === 'message.created' && event.trace !== undefined) this.tracer?.fanOut(event.trace);
    if (Logger.isLevelEnabled('debug')) logger.debug(`${event.type} at ${event.offset} in ${this.conversation.id}`);
    this.show(event);
  }

  /** To those who listen, and later to those who are about to. */
  private show(event: DomainEvent): void {
    for (const { listener, meanwhile } of this.joiners) {
      if (meanwhile.push(event) > MEANWHILE_LIMIT) listener.close(CloseCode.TOO_SLOW, 'too slow a reader');
    }
    this.timedTurn = this.meters.fanOutClock.begin(this.timedTurn);
    this.audience.show(event);
    this.attendance.show(event);
  }

  private drain(): void {
    for (let event = this.takeNext(); event; event = this.takeNext()) this.deliver(event);
    for (const offset of this.early.keys()) if (offset <= (this.position ?? 0)) this.early.delete(offset);
    if (this.position !== undefined && this.horizon > this.position) this.repairSoon();
  }

  private takeNext(): MessageEvent | undefined {
    const { next } = this;
    const event = next === undefined ? undefined : this.early.get(next);
    if (event) this.early.delete(event.offset);
    return event;
  }

  /** What was missed is too much to be filled in live: everyone reconnects, and resumes or reads the history. */
  private disconnectAll(): void {
    const joining = Array.from(this.joiners, ({ listener }) => listener);
    for (const listener of [...this.audience, ...this.attendance, ...joining]) {
      listener.close(CloseCode.RESTARTING, 'too far behind, reconnect');
    }
  }

  /** Fills the gap, unless what is missing comes by itself: the bus may only have been overtaken. */
  private repairSoon(): void {
    this.repairTimer ??= setTimeout(() => {
      this.repairTimer = undefined;
      void this.repair();
    }, PATIENCE).unref();
  }

  /** Fills the gap from the database. Never rejects: until it succeeds nothing after the gap is shown. */
  private repair(): Promise<void> {
    this.repairing ??= this.fillGap().finally(() => {
      this.repairing = undefined;
    });
    return this.repairing;
  }

  private async fillGap(): Promise<void> {
    while (this.position !== undefined && this.position < this.horizon && this.holders > 0) {
      const from = this.position;
      try {
        const missed = await this.log.since(this.conversation.id, from, REPAIR_LIMIT);
        if (this.position !== from) continue; // the bus brought it after all; what was read is of an older gap
        if (missed.length === REPAIR_LIMIT) return this.disconnectAll();
        if (missed.length === 0)
          this.position = this.horizon; // heard of, but not stored: there is nothing to wait for
        else this.meters.repaired(this.repairCause, missed.length);
        for (const event of missed) this.deliver(event);
        this.drain();
      } catch (error) {
        logger.warn(`a gap after offset ${from} cannot be filled yet: ${(error as Error).message}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER).unref());
      }
    }
  }
}

/** What has no offset is never of the past. */
const isAfter =
  (offset: number) =>
  (event: DomainEvent): boolean =>
    !isChange(event) || event.offset > offset;

function isChange(event: DomainEvent): event is MessageEvent {
  return event.type === 'message.created' || event.type === 'message.edited' || event.type === 'message.deleted';
}
