import { describe, expect, it } from 'vitest';
import { Tally } from './tally.js';

describe('Tally', () => {
  it('says of what is read whether it had been told', () => {
    const tally = new Tally();
    tally.told('a');
    expect(tally.read('a')).toBe(true);
    expect(tally.read('b')).toBe(false);
  });

  it('says so as often as it was told', () => {
    const tally = new Tally();
    tally.told('a');
    expect([tally.read('a'), tally.read('a')]).toEqual([true, false]);
  });

  it('is even again when the telling comes after the reading', () => {
    const tally = new Tally();
    expect(tally.read('a')).toBe(false);
    tally.told('a');
    expect(tally.read('a')).toBe(false);
  });
});
