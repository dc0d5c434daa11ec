import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundedThrottlerStorage } from './throttler.storage.js';

describe('BoundedThrottlerStorage', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('blocks what exceeds the limit until the window ends', async () => {
    const storage = new BoundedThrottlerStorage();
    await expect(storage.increment('key', 60_000, 2)).resolves.toMatchObject({ totalHits: 1, isBlocked: false });
    await expect(storage.increment('key', 60_000, 2)).resolves.toMatchObject({ totalHits: 2, isBlocked: false });
    vi.setSystemTime(Date.now() + 20_500);
    await expect(storage.increment('key', 60_000, 2)).resolves.toEqual({
      totalHits: 3,
      timeToExpire: 40,
      isBlocked: true,
      timeToBlockExpire: 40,
    });
    vi.setSystemTime(Date.now() + 39_500);
    await expect(storage.increment('key', 60_000, 2)).resolves.toMatchObject({ totalHits: 1, isBlocked: false });
  });

  it('counts each key for itself', async () => {
    const storage = new BoundedThrottlerStorage();
    await storage.increment('one', 60_000, 1);
    await expect(storage.increment('two', 60_000, 1)).resolves.toMatchObject({ isBlocked: false });
  });
});
