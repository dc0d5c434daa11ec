import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ThisNode } from '../cluster/this-node.js';
import type { Meters } from '../meters.js';
import type { Journal } from '../ports.js';
import type { Topic } from '../topics.js';
import type { Tracer } from '../tracer.js';
import { Bus, type BusListener, type MessageOn } from './bus.js';
import { MemoryBus } from './memory.bus.js';
import { RedisLink } from './redis-link.js';

/** Channels in one command: the server does nothing else meanwhile. */
const CHUNK = 1_000;
/** Characters of a node's id, which every payload begins with. */
const ID_LENGTH = 36;
/** Digits of the time, in milliseconds, that follows it. */
const TIME_LENGTH = 13;

/**
 * The bus of several nodes, by Redis's publish and subscribe: at most once, in order from each node while a connection lasts.
 * What happens here is heard here at once, also while Redis is away. A topic is subscribed to only while this node listens
 * to it, and what one turn of the event loop publishes on it goes out as one payload: this node's id, the time, and the
 * messages as a JSON list. Nodes over other databases may share the server: the channels begin with the id of the database's journal.
 */
export class RedisBus extends Bus implements OnModuleInit, OnApplicationShutdown {
  isWhole = false;
  private readonly logger = new Logger(RedisBus.name);
  private readonly local = new MemoryBus();
  /** What Redis was asked to send. */
  private readonly subscribed = new Set<Topic>();
  /** Topics that listeners came to or left in this turn. */
  private readonly changed = new Set<Topic>();
  private readonly outgoing = new Map<Topic, object[]>();
  private readonly restorations: (() => void)[] = [];
  private adjustment: Promise<void> | undefined;
  /** Answered when all that Redis was asked for until now is done. */
  private aligned: Promise<unknown> = Promise.resolve();
  private link: RedisLink | undefined;
  private prefix = '';

  constructor(
    private readonly url: string,
    private readonly journal: Journal,
    private readonly node: ThisNode,
    private readonly meters: Meters,
    private readonly tracer: Tracer | undefined,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    this.prefix = `parlance:${await this.journal.id()}:`;
    this.link = new RedisLink(this.url, `${this.prefix}pulse:${this.node.id}`, {
      up: () => void this.restore(),
      down: () => void (this.isWhole = false),
      message: (channel, payload) => this.receive(channel.slice(this.prefix.length) as Topic, payload),
    });
    await this.link.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await nextTurn(); // others are told of the shutdown in this one, and have something to say
    this.send();
    await this.link?.close();
  }

  publish<T extends Topic>(topic: T, message: MessageOn<T>): void {
    this.local.deliver(topic, message);
    const waiting = this.outgoing.get(topic);
    if (waiting) {
      waiting.push(message);
      return;
    }
    if (this.outgoing.size === 0) setImmediate(() => this.send());
    this.outgoing.set(topic, [message]);
  }

  deliver<T extends Topic>(topic: T, message: MessageOn<T>): void {
    this.local.deliver(topic, message);
  }

  async subscribe<T extends Topic>(topic: T, listener: BusListener<T>): Promise<void> {
    void this.local.subscribe(topic, listener);
    await this.adjust(topic);
  }

  unsubscribe(topic: Topic): void {
    this.local.unsubscribe(topic);
    void this.adjust(topic);
  }

  onRestored(listener: () => void): void {
    this.restorations.push(listener);
  }

  private send(): void {
    for (const [topic, messages] of this.outgoing) {
      const payload = `${this.node.id}${Date.now()}${JSON.stringify(messages)}`;
      this.meters.bus[this.link?.publish(this.prefix + topic, payload) ? 'sent' : 'lost']++;
    }
    this.outgoing.clear();
  }

  private receive(topic: Topic, payload: string): void {
    if (payload.startsWith(this.node.id)) return; // heard when it was published
    const sentAt = Number(payload.slice(ID_LENGTH, ID_LENGTH + TIME_LENGTH));
    this.meters.bus.received++;
    this.meters.busLag.observe(Math.max(0, Date.now() - sentAt) / 1000);
    try {
      const messages = JSON.parse(payload.slice(ID_LENGTH + TIME_LENGTH)) as MessageOn<Topic>[];
      for (const message of messages)
        this.local.deliver(topic, this.tracer ? followed(this.tracer, message, sentAt) : message);
    } catch (error) {
      this.logger.error(`what was published on ${topic} is not understood: ${(error as Error).message}`);
    }
  }

  /** Subscribes to what is listened to, and to nothing else; the changes of one turn in few commands. */
  private adjust(topic: Topic): Promise<void> {
    this.changed.add(topic);
    this.adjustment ??= new Promise((resolve) => {
      setImmediate(() => {
        this.adjustment = undefined;
        const topics = [...this.changed];
        this.changed.clear();
        resolve(this.align(topics));
      });
    });
    return this.adjustment;
  }

  /** Never rejects: a link that is lost is aligned when it is back. */
  private async align(topics: readonly Topic[]): Promise<void> {
    const { link } = this;
    if (!link?.isUp) return;
    const joined = topics.filter((topic) => this.local.hears(topic) && !this.subscribed.has(topic));
    const left = topics.filter((topic) => !this.local.hears(topic) && this.subscribed.delete(topic));
    for (const topic of joined) this.subscribed.add(topic);
    for (const channels of this.channelsOf(left)) link.unsubscribe(channels);
    // What was asked for before may be on its way: a topic that was left and listened to again is not asked for twice.
    this.aligned = Promise.allSettled([
      this.aligned,
      ...this.channelsOf(joined).map((topics) => link.subscribe(topics)),
    ]);
    await this.aligned;
  }

  private async restore(): Promise<void> {
    this.subscribed.clear();
    await this.align([...this.local.topics]);
    if (!this.link?.isUp) return; // lost again
    this.isWhole = true;
    for (const listener of this.restorations) listener();
  }

  private channelsOf(topics: readonly Topic[]): string[][] {
    const channels = topics.map((topic) => this.prefix + topic);
    return Array.from({ length: Math.ceil(channels.length / CHUNK) }, (_, index) =>
      channels.slice(index * CHUNK, (index + 1) * CHUNK),
    );
  }
}

/** A message whose further way is a part of its being heard here, where it is followed. */
function followed(tracer: Tracer, message: MessageOn<Topic>, sentAt: number): MessageOn<Topic> {
  if (message.type !== 'message.created' || message.trace === undefined) return message;
  return { ...message, trace: tracer.hear(message.trace, sentAt) };
}
