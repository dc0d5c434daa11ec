import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Counts, Distribution, FanOutClock } from './meters.js';

describe('Counts', () => {
  it('begin with the names that are given, at 0', () => {
    const counts = new Counts(['a', 'b']);
    counts.add('b');
    expect([...counts]).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
  });

  it('take what comes after fifty names for one', () => {
    const counts = new Counts();
    for (let name = 0; name < 1_000; name++) counts.add(`${name}`);
    counts.add('0');
    const all = new Map(counts);
    expect(all.size).toBe(51);
    expect([all.get('0'), all.get('other')]).toEqual([2, 950]);
  });
});

describe('Distribution', () => {
  it('counts each value below the first bound that it does not exceed', () => {
    const distribution = new Distribution([1, 10]);
    for (const value of [0, 1, 2, 10, 11, 1_000]) distribution.observe(value);
    expect(distribution).toMatchObject({ counts: [2, 2, 2], sum: 1_024 });
  });
});

describe('FanOutClock', () => {
  it('times what a room shows in one turn once, and what it shows in the next again', async () => {
    const durations = new Distribution([]);
    const clock = new FanOutClock(durations);
    let [one, other] = [0, 0];
    for (let event = 0; event < 3; event++) one = clock.begin(one);
    other = clock.begin(other);
    expect(durations.counts).toEqual([0]);
    await nextTurn();
    await nextTurn();
    expect(durations.counts).toEqual([2]);
    clock.begin(one);
    clock.begin(other);
    await nextTurn();
    await nextTurn();
    expect(durations.counts).toEqual([4]);
    expect(durations.sum).toBeGreaterThan(0);
  });
});
