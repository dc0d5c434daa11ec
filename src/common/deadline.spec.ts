import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Deadline, Deadlines } from './deadline.js';

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

  it('answer with what becomes of the work, good or bad', async () => {
    const deadlines = new Deadlines(100);
    await expect(deadlines.within(async () => 'done')).resolves.toBe('done');
    await expect(deadlines.within(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  it('refuse each piece of work when its own time is up, and no sooner', async () => {
    const deadlines = new Deadlines(100);
    const first = outcomeOf(deadlines.within(never));
    await vi.advanceTimersByTimeAsync(60);
    const second = outcomeOf(deadlines.within(never));
    await vi.advanceTimersByTimeAsync(39);
    expect(first()).toBe('not known');
    await vi.advanceTimersByTimeAsync(2);
    expect(first()).toMatchObject({ kind: 'unavailable' });
    expect(second()).toBe('not known');
    await vi.advanceTimersByTimeAsync(60);
    expect(second()).toMatchObject({ kind: 'unavailable' });
  });

  it('tell the work that its time is up', async () => {
    const deadlines = new Deadlines(100);
    let seen: Deadline | undefined;
    const late = outcomeOf(deadlines.within((deadline) => ((seen = deadline), never())));
    expect(seen).toMatchObject({ hasPassed: false });
    await vi.advanceTimersByTimeAsync(101);
    expect(seen).toMatchObject({ hasPassed: true });
    expect(late()).toMatchObject({ kind: 'unavailable' });
  });

  it('have at most one timer, and none when there is nothing to wait for', async () => {
    const deadlines = new Deadlines(100);
    await Promise.all(Array.from({ length: 1_000 }, () => deadlines.within(async () => {})));
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(101);
    expect(vi.getTimerCount()).toBe(0);
  });
});
