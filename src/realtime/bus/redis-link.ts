import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { redisConnection } from '../../common/redis.js';

/** Milliseconds between two pulses, and without one until the link is given up. */
const PULSE = 1_000;
const SILENCE = 3_000;
/** Milliseconds that what was published last may take when the node leaves. */
const FAREWELL = 500;
/** Publications that may wait for the server to take them; what comes beyond them is lost, as the bus may. */
const MOST_PENDING = 10_000;

export interface LinkObserver {
  /** Both connections are there; nothing is subscribed. */
  up(): void;
  /** The link is lost; it comes back by itself. */
  down(): void;
  message(channel: string, payload: string): void;
}

/**
 * The two connections to Redis, one to publish and one to hear. Up while a pulse that is sent by the one comes back by the
 * other: a server that is gone without a word is noticed within seconds, whichever connection lost it.
 */
export class RedisLink {
  isUp = false;
  private readonly logger = new Logger(RedisLink.name);
  private readonly publisher: Redis;
  private readonly subscriber: Redis;
  private timer: NodeJS.Timeout | undefined;
  private heardAt = 0;
  private pending = 0;
  private isClosed = false;

  constructor(
    url: string,
    /** A channel that is this node's alone. */
    private readonly pulseChannel: string,
    private readonly observer: LinkObserver,
  ) {
    this.publisher = this.connect(url);
    this.subscriber = this.connect(url);
    this.subscriber.on('message', (channel: string, payload: string) => {
      this.heardAt = performance.now();
      if (channel !== pulseChannel) observer.message(channel, payload);
    });
  }

  /** Begins to connect, and goes on until it is closed; answered when the first attempt has succeeded or failed. */
  async open(): Promise<void> {
    this.timer = setInterval(() => this.beat(), PULSE).unref();
    const attempts = await Promise.allSettled([this.publisher.connect(), this.subscriber.connect()]);
    if (attempts.some(({ status }) => status === 'rejected')) {
      this.logger.warn('Redis cannot be reached yet; other nodes are heard when it can');
    }
  }

  /** Ends when what was published is with the server, or that takes too long. */
  async close(): Promise<void> {
    const wasUp = this.isUp;
    this.isClosed = true;
    this.isUp = false;
    clearInterval(this.timer);
    this.subscriber.disconnect();
    if (wasUp) await Promise.race([this.publisher.quit().catch(() => {}), delay(FAREWELL, undefined, { ref: false })]);
    this.publisher.disconnect();
  }

  /** @returns whether it was taken; if not, it is lost */
  publish(channel: string, payload: string): boolean {
    if (!this.isUp || this.pending >= MOST_PENDING) return false;
    this.pending++;
    const settle = (): void => void this.pending--;
    this.publisher.publish(channel, payload).then(settle, settle);
    return true;
  }

  /** Answered when the server has done so. Rejects when the link is lost before. */
  async subscribe(channels: readonly string[]): Promise<void> {
    await this.subscriber.subscribe(...channels);
  }

  unsubscribe(channels: readonly string[]): void {
    this.subscriber.unsubscribe(...channels).catch(() => {}); // a lost connection has no subscriptions
  }

  private connect(url: string): Redis {
    const connection = redisConnection(url);
    connection.on('ready', () => void this.rise());
    connection.on('close', () => this.fall('the connection was closed'));
    connection.on('error', (error: Error) => this.logger.debug(error.message)); // what it means is told by `fall`
    return connection;
  }

  private async rise(): Promise<void> {
    if (this.isUp || this.publisher.status !== 'ready' || this.subscriber.status !== 'ready') return;
    try {
      await this.subscriber.subscribe(this.pulseChannel);
    } catch {
      return; // lost again: the next connection tries again
    }
    if (this.isUp || this.isClosed) return;
    this.isUp = true;
    this.heardAt = performance.now();
    this.logger.log('connected to Redis');
    this.observer.up();
  }

  private fall(reason: string): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.logger.warn(`Redis is away: ${reason}; other nodes are heard again when it is back`);
    this.observer.down();
  }

  private beat(): void {
    if (!this.isUp) return;
    if (performance.now() - this.heardAt > SILENCE) {
      this.fall('it does not answer');
      this.publisher.disconnect(true);
      this.subscriber.disconnect(true);
      return;
    }
    this.publisher.publish(this.pulseChannel, '').catch(() => {});
  }
}
