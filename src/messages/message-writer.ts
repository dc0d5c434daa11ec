import { Injectable, Optional } from '@nestjs/common';
import type { Deadline } from '../common/deadline.js';
import { unavailable } from '../common/errors.js';
import type { UserRef } from '../common/principal.js';
import { PreparedStatements } from '../database/prepared.js';
import { Meters } from '../realtime/meters.js';
import { Tracer, type Wait } from '../realtime/tracer.js';
import { INSERT_MESSAGES, type InsertRow } from './insert-messages.js';

/** A message to be stored. */
export interface Draft {
  /** uuid v7; the message's own. */
  readonly id: string;
  readonly conversationId: string;
  readonly senderId: string;
  readonly content: string;
  readonly messageType: string;
  readonly clientMessageId: string | null;
  /** Whom its sender named; in a direct conversation it is for the other one, whoever is named. */
  readonly addresseeId: string | null;
}

/** What became of a draft. */
export type Outcome =
  | {
      readonly kind: 'inserted';
      readonly number: number;
      readonly seq: number;
      readonly offset: number;
      readonly createdAt: Date;
      /** Whether it made its sender a participant, as posting to a channel does. */
      readonly joined: boolean;
      /** To whom it is addressed, if to anyone. */
      readonly receiver: Pick<UserRef, 'id' | 'number'> | null;
    }
  /** Its sender had sent that message already. */
  | { readonly kind: 'repeated'; readonly messageId: string }
  /** Its sender may not send to that conversation. */
  | { readonly kind: 'refused' };

/** Messages in one transaction. */
const BATCH_LIMIT = 1_000;
/** Messages that may wait; what comes beyond them is refused, so that a slow database cannot fill the memory. */
const QUEUE_LIMIT = 20_000;
/** Times that a batch is run which another node's got in the way of. */
const ATTEMPTS = 5;

interface Entry {
  readonly draft: Draft;
  readonly deadline: Deadline;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  /** The same message, sent again before this one was stored. */
  readonly repeats: Entry[];
  readonly wait: Wait | undefined;
}

/**
 * Stores messages by group commit: while one batch is being committed the next one gathers, so that a commit costs a
 * message the less the more there are, and one that comes alone does not wait.
 */
@Injectable()
export class MessageWriter {
  private readonly waiting: Entry[] = [];
  private working = false;

  constructor(
    private readonly statements: PreparedStatements,
    private readonly meters: Meters,
    @Optional() private readonly tracer?: Tracer,
  ) {}

  /**
   * Answered after the commit. A conversation's messages are stored, and answered, in the order of the calls. One whose
   * sender no longer waits is not stored, unless that has begun.
   *
   * @throws unavailable, when too many wait, or when the deadline has passed.
   */
  write(draft: Draft, deadline: Deadline): Promise<Outcome> {
    if (deadline.hasPassed || this.waiting.length >= QUEUE_LIMIT) return Promise.reject(unavailable());
    return new Promise((resolve, reject) => {
      this.meters.messagesWaiting = this.waiting.push({
        draft,
        deadline,
        resolve,
        reject,
        repeats: [],
        wait: this.tracer?.wait(),
      });
      if (this.working) return;
      this.working = true;
      setImmediate(() => void this.work()); // what else this turn of the event loop brings goes into the same batch
    });
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.takeBatch();
      if (batch.length > 0) await this.commit(batch);
    }
    this.working = false;
  }

  /** The longest waiting, a message that was sent twice only once, and one that nobody waits for not at all. */
  private takeBatch(): Entry[] {
    const named = new Map<string, Entry>();
    const batch: Entry[] = [];
    for (const entry of this.waiting.splice(0, BATCH_LIMIT)) {
      if (isTooLate(entry)) continue;
      const { senderId, clientMessageId } = entry.draft;
      const name = clientMessageId === null ? undefined : `${senderId} ${clientMessageId}`;
      const first = name === undefined ? undefined : named.get(name);
      if (first) {
        first.repeats.push(entry);
        continue;
      }
      if (name !== undefined) named.set(name, entry);
      batch.push(entry);
    }
    this.meters.messagesWaiting = this.waiting.length;
    return batch;
  }

  /** Never rejects: each entry is answered for itself. */
  private async commit(batch: readonly Entry[]): Promise<void> {
    const began = performance.now();
    const end = this.tracer?.commit(batch.map(({ wait }) => wait));
    try {
      const outcomes = await this.insert(batch.map(({ draft }) => draft));
      this.meters.committed((performance.now() - began) / 1000, batch.length);
      end?.();
      for (const [index, entry] of batch.entries()) this.settle(entry, outcomes[index]!);
    } catch (error) {
      this.meters.commitsFailed++;
      end?.(error);
      if (batch.length > 1 && mayBeOnesFault(error)) {
        for (const entry of batch) if (!isTooLate(entry)) await this.commit([entry]);
      } else {
        for (const { reject, repeats } of batch) {
          reject(error);
          for (const repeat of repeats) repeat.reject(error);
        }
      }
    }
  }

  /** What was sent again repeats what was stored; where nothing was, it is a message of its own, to be judged for itself. */
  private settle({ draft, resolve, repeats }: Entry, outcome: Outcome): void {
    resolve(outcome);
    if (outcome.kind === 'refused') {
      this.waiting.unshift(...repeats);
      return;
    }
    const repeated: Outcome = outcome.kind === 'inserted' ? { kind: 'repeated', messageId: draft.id } : outcome;
    for (const repeat of repeats) repeat.resolve(repeated);
  }

  /**
   * Run again only when nothing of it was stored, which is what PostgreSQL's own refusals say. A connection that was lost on
   * the way says nothing: then it is for the sender to send again, under the same client message id.
   */
  private async insert(drafts: readonly Draft[]): Promise<Outcome[]> {
    for (let attempt = 1; ; attempt++) {
      const createdAt = new Date();
      try {
        const rows = await this.statements.execute<InsertRow>(INSERT_MESSAGES, valuesOf(drafts, createdAt));
        return rows.map((row) => outcomeOf(row, createdAt));
      } catch (error) {
        if (attempt === ATTEMPTS || !isCollision(error)) throw error;
      }
    }
  }
}

/** Whether nobody waits for it any more; it is then left out, and whoever wrote it has been refused. */
function isTooLate({ deadline, reject }: Entry): boolean {
  if (deadline.hasPassed) reject(unavailable());
  return deadline.hasPassed;
}

function valuesOf(drafts: readonly Draft[], createdAt: Date): unknown[] {
  return [
    drafts.map((draft) => draft.id),
    drafts.map((draft) => draft.conversationId),
    drafts.map((draft) => draft.senderId),
    drafts.map((draft) => draft.content),
    drafts.map((draft) => draft.messageType),
    drafts.map((draft) => draft.clientMessageId),
    drafts.map((draft) => draft.addresseeId),
    createdAt.toISOString(),
  ];
}

function outcomeOf(row: InsertRow, createdAt: Date): Outcome {
  const { number, seq, offset, joined, receiverId, receiverNumber, repeatedId } = row;
  if (repeatedId !== null) return { kind: 'repeated', messageId: repeatedId };
  if (number === null || seq === null || offset === null) return { kind: 'refused' };
  const receiver = receiverId === null || receiverNumber === null ? null : { id: receiverId, number: receiverNumber };
  return { kind: 'inserted', number, seq, offset, createdAt, joined, receiver };
}

/** Whether a batch failed because another node's had stored the same message, or waited for a lock of this one's. */
function isCollision(error: unknown): boolean {
  return /^(23505|40)/.test(codeOf(error));
}

/** Whether a batch may succeed without one of its messages: PostgreSQL's classes of bad data, violated rules, collisions. */
function mayBeOnesFault(error: unknown): boolean {
  return /^(22|23|40)/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
