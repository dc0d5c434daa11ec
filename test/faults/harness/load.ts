import { setTimeout as delay } from 'node:timers/promises';
import { type Conversation, isAcknowledged, type Ledger, type Sent } from './ledger.js';
import type { Member } from './member.js';
import type { Random } from './random.js';
import { until } from './waiting.js';

export interface LoadOptions {
  /** Milliseconds between a sender's messages: from, to. */
  readonly pause?: readonly [number, number];
}

const PAUSE = [20, 120] as const;
/** Milliseconds between the attempts to send one message: from, to. */
const RETRY = [50, 250] as const;
/** Of a hundred messages, how many are changed once. */
const EDITED = 8;

/** Members who talk all the time, each until its message is acknowledged, under one name whatever becomes of it. */
export class Load {
  private isOver = false;
  private readonly talking: Promise<void>[];
  /** When each sender's last acknowledged attempt was made. */
  private readonly served = new Map<Member, number>();
  private giveUpAt = Infinity;

  constructor(
    private readonly ledger: Ledger,
    private readonly senders: readonly Member[],
    private readonly conversations: readonly Conversation[],
    private readonly random: Random,
    private readonly options: LoadOptions = {},
  ) {
    this.talking = senders.map((sender, index) => this.talk(sender, index));
  }

  /** Waits until every sender has had something acknowledged that it sent after this call. @returns milliseconds */
  async flows(patience: number): Promise<number> {
    const from = performance.now();
    await until('every sender is served', patience, () =>
      this.senders.every((sender) => (this.served.get(sender) ?? 0) >= from),
    );
    return performance.now() - from;
  }

  /** Waits until everyone talks, and then for any moment: faults do not keep to what is sent. */
  async anyMoment(): Promise<void> {
    await this.flows(20_000);
    await delay(this.random.integer(0, 1_000));
  }

  /** Begins nothing new, and waits until what was begun is acknowledged. @throws what is not within `patience` ms */
  async end(patience = 30_000): Promise<void> {
    this.isOver = true;
    this.giveUpAt = performance.now() + patience;
    await Promise.all(this.talking);
    const open = [...this.ledger.sent.values()].filter((sent) => sent.clientMessageId !== '' && !isAcknowledged(sent));
    if (open.length > 0) throw new Error(`never acknowledged: ${open.map(describe).join('; ')}`);
  }

  private async talk(sender: Member, index: number): Promise<void> {
    const random = this.random.fork();
    for (let count = 0; !this.isOver; count++) {
      await delay(random.integer(...(this.options.pause ?? PAUSE)));
      const name = `${this.random.seed}/${index}/${count}`;
      const conversation = random.pick(this.conversations);
      const sent = this.ledger.send({ content: name, clientMessageId: name, conversation, senderId: sender.user.id });
      await this.deliver(sender, sent, random);
      if (isAcknowledged(sent) && random.integer(1, 100) <= EDITED) await sender.edit(sent, `${name} changed`);
    }
  }

  private async deliver(sender: Member, sent: Sent, random: Random): Promise<void> {
    for (;;) {
      const at = performance.now();
      if (await sender.send(sent)) {
        this.served.set(sender, at);
        return;
      }
      if (performance.now() > this.giveUpAt) return;
      await delay(random.integer(...RETRY));
    }
  }
}

/** A message, and what was answered to each attempt to send it. */
export function describe({ content, attempts }: Sent): string {
  const answers = attempts.map(({ at, until, node, answer }) => {
    const said = answer.kind === 'refused' ? answer.why : answer.kind;
    return `${said} by ${node} after ${Math.round(until - at)} ms`;
  });
  return `${content.slice(0, 60)} (${answers.join(', ')})`;
}
