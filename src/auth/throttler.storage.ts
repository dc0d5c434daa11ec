import type { ThrottlerStorage } from '@nestjs/throttler';
import { LRUCache } from 'lru-cache';

const MOST_KEYS = 50_000;

export type ThrottlerAnswer = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** What the throttler is told of a window, in seconds as it expects. @param msLeft milliseconds until the window ends */
export function toAnswer(totalHits: number, limit: number, msLeft: number): ThrottlerAnswer {
  const secondsLeft = Math.ceil(msLeft / 1000);
  return {
    totalHits,
    timeToExpire: secondsLeft,
    isBlocked: totalHits > limit,
    timeToBlockExpire: secondsLeft,
  };
}

/** Counts requests in fixed windows, for at most so many keys at a time: the ones used longest ago are forgotten. */
export class BoundedThrottlerStorage implements ThrottlerStorage {
  private readonly windows = new LRUCache<string, { hits: number; endsAt: number }>({ max: MOST_KEYS });

  /** @param ttl milliseconds that a window is long */
  async increment(key: string, ttl: number, limit: number): Promise<ThrottlerAnswer> {
    const now = Date.now();
    let window = this.windows.get(key);
    if (!window || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + ttl };
      this.windows.set(key, window);
    }
    window.hits++;
    return toAnswer(window.hits, limit, window.endsAt - now);
  }
}
