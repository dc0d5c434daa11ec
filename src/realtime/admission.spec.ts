import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Admission, AT_WORK } from './admission.js';

/** An admission where all but so many places are taken. */
function openAdmission(places: number): Admission {
  const admission = new Admission();
  const { signal } = new AbortController();
  for (let taken = places; taken < AT_WORK; taken++) void admission.admit(signal, () => new Promise(() => {}));
  return admission;
}

/** Handshakes that a test begins and ends. */
function setUp(places = 1) {
  const admission = openAdmission(places);
  const atWork: (() => void)[] = [];
  const begin = (departed: AbortSignal = new AbortController().signal): Promise<void> =>
    admission.admit(departed, () => new Promise((resolve) => atWork.push(resolve)));
  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
  return { begin, atWork, settle };
}

const refused = { kind: 'unavailable', detail: 'Too many are connecting, try again later' };

describe('Admission', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets so many handshakes work at once, and no more', async () => {
    const most = AT_WORK;
    const { begin, atWork, settle } = setUp(most);
    for (let index = 0; index < most + 5; index++) void begin();
    await settle();
    expect(atWork).toHaveLength(most);
    atWork[0]!();
    await settle();
    expect(atWork).toHaveLength(most + 1);
  });

  it('lets the others in one by one, in the order in which they came', async () => {
    const { begin, atWork, settle } = setUp();
    const ended: number[] = [];
    const all = Promise.all([1, 2, 3].map((name) => begin().then(() => ended.push(name))));
    for (let index = 0; index < 3; index++) {
      await settle();
      expect(atWork).toHaveLength(index + 1);
      atWork[index]!();
    }
    await all;
    expect(ended).toEqual([1, 2, 3]);
  });

  it('gives the place of one that failed to the next', async () => {
    const admission = openAdmission(1);
    const { signal } = new AbortController();
    const first = admission.admit(signal, () => Promise.reject(new Error('failed')));
    const second = admission.admit(signal, async () => 'in');
    await expect(first).rejects.toThrow('failed');
    await expect(second).resolves.toBe('in');
  });

  it('refuses at once what comes when a thousand wait', async () => {
    const { begin, atWork, settle } = setUp();
    const all = Array.from({ length: 1_001 }, () => begin());
    await expect(begin()).rejects.toMatchObject(refused);
    for (let index = 0; index < all.length; index++) {
      await settle();
      atWork[index]!();
    }
    await Promise.all(all);
  });

  it('refuses what has waited for four seconds', async () => {
    const { begin, atWork, settle } = setUp();
    void begin();
    const late = begin().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await late).toMatchObject(refused);
    atWork[0]!();
    await settle();
    expect(atWork).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('frees the place of a client that hangs up while it waits', async () => {
    const { begin, atWork, settle } = setUp();
    void begin();
    const departure = new AbortController();
    const departed = begin(departure.signal).catch((error: unknown) => error);
    for (let index = 0; index < 999; index++) void begin().catch(() => {});
    await expect(begin()).rejects.toMatchObject(refused);
    departure.abort();
    expect(await departed).toMatchObject(refused);
    const last = begin();
    for (let index = 0; index < 1_001; index++) {
      await settle();
      atWork[index]!();
    }
    await last;
  });

  it('does nothing for a client that has hung up before', async () => {
    const { begin, atWork } = setUp();
    void begin();
    await expect(begin(AbortSignal.abort())).rejects.toMatchObject(refused);
    expect(atWork).toHaveLength(1);
  });
});
