import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Redis } from 'ioredis';
import { redisConnection } from '../common/redis.js';
import { BusSettings } from '../config/settings.js';
import { Journal } from '../realtime/ports.js';
import { BoundedThrottlerStorage, type ThrottlerAnswer, toAnswer } from './throttler.storage.js';

/** Milliseconds that a request waits for Redis before this node counts for itself. */
const PATIENCE = 500;

/** Counts the requests to all nodes, in Redis; each node its own while that is away, and where there is one node. */
@Injectable()
export class SharedThrottlerStorage implements ThrottlerStorage, OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(SharedThrottlerStorage.name);
  private readonly local = new BoundedThrottlerStorage();
  private readonly redis: Redis | undefined;
  private prefix = '';

  constructor(
    { redisUrl }: BusSettings,
    private readonly journal: Journal,
  ) {
    this.redis = redisUrl === undefined ? undefined : redisConnection(redisUrl, { commandTimeout: PATIENCE });
    this.redis?.on('error', (error: Error) => this.logger.debug(error.message)); // the bus tells that Redis is away
  }

  async onModuleInit(): Promise<void> {
    if (!this.redis) return;
    this.prefix = `parlance:${await this.journal.id()}:requests:`;
    await this.redis.connect().catch(() => {}); // it goes on trying
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  /** @param ttl milliseconds that a window is long */
  async increment(key: string, ttl: number, limit: number): Promise<ThrottlerAnswer> {
    if (this.redis?.status !== 'ready') return this.local.increment(key, ttl, limit);
    try {
      const name = this.prefix + key;
      const answers = await this.redis.multi().set(name, 0, 'PX', ttl, 'NX').incr(name).pttl(name).exec();
      const [hits, left] = [answers?.[1]?.[1], answers?.[2]?.[1]];
      return toAnswer(Number(hits), limit, Number(left));
    } catch {
      return this.local.increment(key, ttl, limit);
    }
  }
}
