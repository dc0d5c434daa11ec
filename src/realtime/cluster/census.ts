import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { Connections } from '../connections.js';
import { Hub } from '../hub.js';
import { Roster } from '../ports.js';
import type { CensusTaken } from './messages.js';
import { Nodes } from './nodes.js';
import { ThisNode } from './this-node.js';

/** Milliseconds that the others have to answer; who does not is about to be forgotten. */
const PATIENCE = 1_000;

/** How many are connected. */
export interface Count {
  readonly total: number;
  /** By the slugs of open channels. */
  readonly channels: ReadonlyMap<string, number>;
}

/** A question to the other nodes, until all have answered. */
interface Inquiry {
  readonly waitingFor: Set<string>;
  readonly answers: CensusTaken[];
  readonly end: () => void;
}

/** Counts who is connected, at all nodes. */
@Injectable()
export class Census {
  private readonly inquiries = new Map<string, Inquiry>();
  private readonly counts = new Map<string, Promise<Count>>();

  constructor(
    private readonly connections: Connections,
    private readonly hub: Hub,
    private readonly nodes: Nodes,
    private readonly roster: Roster,
    private readonly thisNode: ThisNode,
  ) {
    nodes.on('census.asked', ({ id, dialect }) => {
      const { total, channels } = this.countHere(dialect);
      nodes.tell({ type: 'census.taken', node: thisNode.id, id, total, channels: Object.fromEntries(channels) });
    });
    nodes.on('census.taken', (answer) => this.note(answer));
  }

  /** How many connections speak a dialect, and how many of them are in each open channel. Those who ask at once share it. */
  take(dialect: string): Promise<Count> {
    let count = this.counts.get(dialect);
    if (!count) {
      count = this.count(dialect).finally(() => this.counts.delete(dialect));
      this.counts.set(dialect, count);
    }
    return count;
  }

  private async count(dialect: string): Promise<Count> {
    const answers = await this.ask(dialect);
    const here = this.countHere(dialect);
    const channels = new Map(here.channels);
    for (const [slug, count] of answers.flatMap((answer) => Object.entries(answer.channels))) {
      channels.set(slug, (channels.get(slug) ?? 0) + count);
    }
    return { total: answers.reduce((total, answer) => total + answer.total, here.total), channels };
  }

  private async ask(dialect: string): Promise<readonly CensusTaken[]> {
    const { others } = this.roster;
    if (others.length === 0) return [];
    const id = newId();
    const answers: CensusTaken[] = [];
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.inquiries.set(id, { waitingFor: new Set(others), answers, end });
      this.nodes.tell({ type: 'census.asked', node: this.thisNode.id, id, dialect });
    });
    this.inquiries.delete(id);
    return answers;
  }

  private note(answer: CensusTaken): void {
    const inquiry = this.inquiries.get(answer.id);
    if (!inquiry?.waitingFor.delete(answer.node)) return;
    inquiry.answers.push(answer);
    if (inquiry.waitingFor.size === 0) inquiry.end();
  }

  private countHere(dialect: string): Count {
    const channels = new Map<string, number>();
    for (const { conversation, audience } of this.hub) {
      const count = conversation.slug === null ? 0 : audience.count(dialect);
      if (conversation.slug !== null && count > 0) channels.set(conversation.slug, count);
    }
    return { total: this.connections.count(dialect), channels };
  }
}
