import { describe, expect, it } from 'vitest';
import { Sequencer } from './sequencer.js';

describe('Sequencer', () => {
  it('begins the work of a key when the one before has ended, well or not', async () => {
    const sequencer = new Sequencer();
    const log: string[] = [];
    let fail: ((error: Error) => void) | undefined;
    const first = sequencer.run('a', () => {
      log.push('first begins');
      return new Promise<void>((_, reject) => (fail = reject));
    });
    const second = sequencer.run('a', async () => log.push('second begins'));
    await sequencer.run('b', async () => log.push('another key does not wait'));
    expect(log).toEqual(['first begins', 'another key does not wait']);
    fail?.(new Error('failed'));
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(log.at(-1)).toBe('second begins');
  });

  it('does at once what need not wait, and makes nothing wait for it', () => {
    const sequencer = new Sequencer();
    expect(sequencer.run('a', () => 1)).toBe(1);
    expect(sequencer.run('a', () => 2)).toBe(2);
  });

  it('has what need not wait come after what was called before it', async () => {
    const sequencer = new Sequencer();
    const log: string[] = [];
    let end: () => void = () => {};
    const first = sequencer.run('a', () =>
      new Promise<void>((resolve) => (end = resolve)).then(() => log.push('first')),
    );
    const second = sequencer.run('a', () => log.push('second'));
    expect(log).toEqual([]);
    end();
    await Promise.all([first, second]);
    expect(log).toEqual(['first', 'second']);
    expect(sequencer.run('a', () => 'at once again')).toBe('at once again');
  });

  it('keeps the order of the calls for what is awaited, also when later work is quick', async () => {
    const sequencer = new Sequencer();
    const order: number[] = [];
    const call = async (number: number, work: () => Promise<unknown>) => {
      await sequencer.run('a', work);
      order.push(number);
    };
    await Promise.all([
      call(1, () => new Promise((resolve) => setImmediate(resolve))),
      call(2, async () => {}),
      call(3, async () => {}),
    ]);
    expect(order).toEqual([1, 2, 3]);
  });
});
