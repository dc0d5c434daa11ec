import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines } from './deadline.js';

const never = (): Promise<never> => new Promise(() => {});

/** What becomes of a promise, once it is known. */
function outcomeOf(promise: Promise<unknown>): () => unknown {
  let outcome: unknown = 'not known';
  promise.then(
    (result) => (outcome = result),
    (error: unknown) => (outcome = error),
  );
  return () => outcome;
}

describe('Deadlines', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('let work that is done in time answer, well or not', async () => {
    const deadline = new Deadlines(100).begin();
    await expect(deadline.bound(Promise.resolve('done'))).resolves.toBe('done');
    await expect(deadline.bound(Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  it('refuse each piece of work when its own time is up, and no sooner', async () => {
    const deadlines = new Deadlines(100);
    const first = outcomeOf(deadlines.begin().bound(never()));
    await vi.advanceTimersByTimeAsync(60);
    const second = outcomeOf(deadlines.begin().bound(never()));
    await vi.advanceTimersByTimeAsync(39);
    expect(first()).toBe('not known');
    await vi.advanceTimersByTimeAsync(2);
    expect(first()).toMatchObject({ kind: 'unavailable' });
    expect(second()).toBe('not known');
    await vi.advanceTimersByTimeAsync(60);
    expect(second()).toMatchObject({ kind: 'unavailable' });
  });

  it('are one for all the steps of a piece of work', async () => {
    const deadline = new Deadlines(100).begin();
    const step = deadline.bound(new Promise((resolve) => setTimeout(resolve, 60)));
    await vi.advanceTimersByTimeAsync(60);
    await step;
    const last = outcomeOf(deadline.bound(never()));
    await vi.advanceTimersByTimeAsync(41);
    expect(last()).toMatchObject({ kind: 'unavailable' });
  });

  it('tell the work that its time is up, unless it was ended before', async () => {
    const deadlines = new Deadlines(100);
    const [late, met] = [deadlines.begin(), deadlines.begin()];
    expect(late.hasPassed).toBe(false);
    met.end();
    await vi.advanceTimersByTimeAsync(101);
    expect([late.hasPassed, met.hasPassed]).toEqual([true, false]);
  });

  it('have at most one timer, and none when there is nothing to wait for', async () => {
    const deadlines = new Deadlines(100);
    const begun = Array.from({ length: 1_000 }, () => deadlines.begin());
    for (const deadline of begun) deadline.end();
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(101);
    expect(vi.getTimerCount()).toBe(0);
  });
});
