import { Injectable } from '@nestjs/common';
import { Connections } from '../connections.js';
import { Hub } from '../hub.js';
import { Cluster, type Question } from '../ports.js';

/** How many are connected. */
export interface Count {
  readonly total: number;
  /** By the slugs of open channels. */
  readonly channels: ReadonlyMap<string, number>;
}

/** One node's count of a dialect, as it crosses the bus. */
interface NodeCount {
  readonly total: number;
  readonly channels: Readonly<Record<string, number>>;
}

const CENSUS: Question<string, NodeCount> = { name: 'census' };

/** Counts who is connected, at all nodes. */
@Injectable()
export class Census {
  private readonly counts = new Map<string, Promise<Count>>();

  constructor(
    private readonly connections: Connections,
    private readonly hub: Hub,
    private readonly cluster: Cluster,
  ) {
    cluster.onQuestion(CENSUS, (dialect) => this.countHere(dialect));
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

  /** Of the nodes that answer. */
  private async count(dialect: string): Promise<Count> {
    const { answers } = await this.cluster.ask(CENSUS, dialect);
    let total = 0;
    const channels = new Map<string, number>();
    for (const ofNode of answers.values()) {
      total += ofNode.total;
      for (const [slug, count] of Object.entries(ofNode.channels)) {
        channels.set(slug, (channels.get(slug) ?? 0) + count);
      }
    }
    return { total, channels };
  }

  private countHere(dialect: string): NodeCount {
    const counted: [slug: string, count: number][] = [];
    for (const { conversation, audience } of this.hub) {
      const count = conversation.slug === null ? 0 : audience.count(dialect);
      if (conversation.slug !== null && count > 0) counted.push([conversation.slug, count]);
    }
    return { total: this.connections.count(dialect), channels: Object.fromEntries(counted) };
  }
}
