import { describe, expect, it, vi } from 'vitest';
import { isUuid, newId, toNumber } from './ids.js';

describe('ids', () => {
  it('sort by the time at which they were made', () => {
    const ids = Array.from({ length: 1000 }, newId);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('sort as they were made also when the clock is set back', () => {
    const first = newId();
    const clock = vi.spyOn(Date, 'now').mockReturnValue(0);
    const second = newId();
    clock.mockRestore();
    expect(second > first).toBe(true);
  });

  it('are uuids of version 7, whose random bits are each one’s own', () => {
    const ids = Array.from({ length: 1000 }, newId);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids.map((id) => id.slice(-10))).size).toBe(ids.length);
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
