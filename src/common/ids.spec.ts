import { describe, expect, it } from 'vitest';
import { isUuid, newId, toNumber } from './ids.js';

describe('ids', () => {
  it('sort by the time at which they were made', () => {
    const ids = Array.from({ length: 1000 }, newId);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are uuids, in either case and nothing around', () => {
    const id = newId();
    expect([id, id.toUpperCase()].every(isUuid)).toBe(true);
    expect([`${id} `, `${id}\n`, `{${id}}`, id.replaceAll('-', ''), '', 7, null].some(isUuid)).toBe(false);
  });
});

describe('toNumber', () => {
  it.each([
    [42, 42],
    ['42', 42],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ])('reads %j', (value, number) => expect(toNumber(value)).toBe(number));

  it.each([0, -1, 1.5, 2 ** 31, NaN, Infinity, '', '042', '4e1', ' 42', '99999999999'])('refuses %j', (value) => {
    expect(toNumber(value)).toBeUndefined();
  });
});
