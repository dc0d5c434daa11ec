import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, isTime, isWholeNumber, PageQuery, toPage } from './pagination.js';

const problemsOf = (query: object) => validateSync(plainToInstance(PageQuery, query)).map(({ property }) => property);

describe('a page', () => {
  const rows = [1, 2, 3];

  it('ends with a cursor when there is more', () => {
    const page = toPage(rows, 2, String, (row) => [row]);
    expect(page.data).toEqual(['1', '2']);
    expect(decodeCursor(page.next_cursor!, isWholeNumber)).toEqual([2]);
  });

  it('has no cursor when it is the last', () => {
    expect(toPage(rows, 3, String, (row) => [row])).toEqual({ data: ['1', '2', '3'], next_cursor: null });
    expect(toPage([], 3, String, () => [])).toEqual({ data: [], next_cursor: null });
  });
});

describe('a cursor', () => {
  const refused = /cursor is not one that this list gave/;
  const time = '2026-01-01T00:00:00.000Z';

  it.each([
    'not base64!',
    '',
    encodeCursor([]),
    encodeCursor([1]),
    encodeCursor([time, 1, 2]),
    encodeCursor([time, 2 ** 31]),
    encodeCursor([time, 1.5]),
    encodeCursor(['yesterday', 1]),
    encodeCursor(['2026-13-01T00:00:00.000Z', 1]),
    Buffer.from('{"0":1}').toString('base64url'),
  ])('that this list did not give is refused (%#)', (cursor) => {
    expect(() => decodeCursor(cursor, isTime, isWholeNumber)).toThrow(refused);
  });
});

describe('the query of a list', () => {
  it('takes 50 unless told', () => expect(plainToInstance(PageQuery, {}).limit).toBe(50));

  it.each([{ limit: '1' }, { limit: '100', cursor: 'abc' }])('lets %j pass', (query) => {
    expect(problemsOf(query)).toEqual([]);
  });

  it.each(['0', '101', '-1', '1.5', '1e1', 'ten', '', ['1', '2'], { a: '1' }])('refuses a limit of %j', (limit) => {
    expect(problemsOf({ limit })).toEqual(['limit']);
  });
});
