import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Bus } from '../bus/bus.js';
import { Roster, type RosterList } from '../ports.js';
import type { FactChange, RosterDelta, RosterState } from './messages.js';
import { Nodes } from './nodes.js';
import { ReplicatedList } from './roster-list.js';
import { ThisNode } from './this-node.js';

/** Milliseconds between two signs of life, and without one until a node is forgotten. */
const PERIOD = 2_000;
const SILENCE = 10_000;
/** Facts in one message. */
const PART = 1_000;

interface Peer {
  heardAt: number;
  /** Of what is known of it; nothing yet. */
  version: number | undefined;
  /** Parts of its state that have come. */
  readonly parts: FactChange[];
}

/**
 * A roster that every node holds whole, in memory. Each tells the others what changes of what it states, and who has missed
 * something asks for all of it; a node that is silent is forgotten, with what it stated. Nothing is forgotten while this
 * node itself is cut off, since then it cannot tell who is gone.
 */
@Injectable()
export class ReplicatedRoster extends Roster implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ReplicatedRoster.name);
  private readonly lists = new Map<string, ReplicatedList>();
  private readonly peers = new Map<string, Peer>();
  private readonly changes: FactChange[] = [];
  private version = 0;
  private isStateWanted = false;
  private isSending = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly nodes: Nodes,
    private readonly bus: Bus,
    private readonly node: ThisNode,
  ) {
    super();
    nodes.on('roster.delta', (delta) => this.takeDelta(delta));
    nodes.on('roster.state', (state) => this.takeState(state));
    nodes.on('roster.alive', ({ node: other, version }) => {
      if (this.hear(other).version !== version) this.want(other);
    });
    nodes.on('roster.wanted', ({ of }) => {
      if (of !== null && of !== node.id) return;
      this.isStateWanted = true;
      this.sendSoon();
    });
    nodes.on('roster.left', (message) => this.forget(message.node, 'has left'));
    bus.onRestored(() => this.meetAgain());
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.beat(), PERIOD).unref();
    this.want(null);
    this.nodes.tell(this.signOfLife());
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.nodes.tell({ type: 'roster.left', node: this.thisNode });
  }

  list<Value, Note = undefined>(name: string): RosterList<Value, Note> {
    return this.listOf(name) as RosterList<unknown, unknown> as RosterList<Value, Note>;
  }

  get thisNode(): string {
    return this.node.id;
  }

  get others(): readonly string[] {
    return [...this.peers.keys()];
  }

  get isEldest(): boolean {
    return this.others.every((node) => this.thisNode < node);
  }

  private listOf(name: string): ReplicatedList {
    let list = this.lists.get(name);
    if (!list) {
      list = new ReplicatedList(this.thisNode, (key, value, note) => {
        this.changes.push([name, key, value, note]);
        this.sendSoon();
      });
      this.lists.set(name, list);
    }
    return list;
  }

  /** Tells what this turn of the event loop has brought. */
  private sendSoon(): void {
    if (this.isSending) return;
    this.isSending = true;
    setImmediate(() => void this.send());
  }

  private async send(): Promise<void> {
    while (this.changes.length > 0 || this.isStateWanted) {
      const changes = this.changes.splice(0);
      if (changes.length > 0) {
        this.nodes.tell({ type: 'roster.delta', node: this.thisNode, version: ++this.version, changes });
      }
      if (this.isStateWanted) await this.sendState();
    }
    this.isSending = false;
  }

  /** A part in a turn, so that no message is too large; what changes meanwhile is told after the last one. */
  private async sendState(): Promise<void> {
    this.isStateWanted = false;
    const facts = this.statedBy(this.thisNode);
    const { version } = this;
    for (let start = 0; start === 0 || start < facts.length; start += PART) {
      if (start > 0) await nextTurn();
      this.nodes.tell({
        type: 'roster.state',
        node: this.thisNode,
        version,
        facts: facts.slice(start, start + PART),
        isFirst: start === 0,
        isLast: start + PART >= facts.length,
      });
    }
  }

  private statedBy(node: string): FactChange[] {
    return [...this.lists].flatMap(([name, list]) =>
      Array.from(list.statedBy(node), ([key, value]): FactChange => [name, key, value]),
    );
  }

  private takeDelta({ node, version, changes }: RosterDelta): void {
    const peer = this.hear(node);
    if (peer.version === undefined || version > peer.version + 1) {
      this.want(node);
    } else if (version === peer.version + 1) {
      peer.version = version;
      for (const change of changes) this.apply(node, change);
    }
  }

  private takeState({ node, version, facts, isFirst, isLast }: RosterState): void {
    const peer = this.hear(node);
    if (isFirst) peer.parts.length = 0;
    peer.parts.push(...facts);
    if (!isLast) return;
    const stated = peer.parts.splice(0);
    const names = new Set(stated.map(nameOf));
    for (const fact of this.statedBy(node)) {
      if (!names.has(nameOf(fact))) this.apply(node, [fact[0], fact[1], null]);
    }
    for (const fact of stated) this.apply(node, fact);
    peer.version = version;
  }

  private apply(node: string, [name, key, value, note]: FactChange): void {
    this.listOf(name).apply(node, key, value ?? undefined, note);
  }

  private hear(node: string): Peer {
    let peer = this.peers.get(node);
    if (!peer) {
      peer = { heardAt: 0, version: undefined, parts: [] };
      this.peers.set(node, peer);
      this.logger.log(`node ${node} is there`);
    }
    peer.heardAt = performance.now();
    return peer;
  }

  private want(node: string | null): void {
    this.nodes.tell({ type: 'roster.wanted', node: this.thisNode, of: node });
  }

  private signOfLife(): { type: 'roster.alive'; node: string; version: number } {
    return { type: 'roster.alive', node: this.thisNode, version: this.version };
  }

  private beat(): void {
    if (!this.bus.isWhole) return;
    this.nodes.tell(this.signOfLife());
    const silentSince = performance.now() - SILENCE;
    for (const [node, { heardAt }] of this.peers) if (heardAt < silentSince) this.forget(node, 'is silent');
  }

  /** Nobody could be heard: everyone gets as much time as after a sign of life. */
  private meetAgain(): void {
    for (const peer of this.peers.values()) peer.heardAt = performance.now();
    this.nodes.tell(this.signOfLife());
  }

  private forget(node: string, reason: string): void {
    if (!this.peers.delete(node)) return;
    this.logger.log(`node ${node} ${reason}`);
    for (const list of this.lists.values()) {
      for (const key of list.statedBy(node).keys()) list.apply(node, key, undefined, undefined, true);
    }
  }
}

const nameOf = ([list, key]: FactChange): string => `${list} ${key}`;
