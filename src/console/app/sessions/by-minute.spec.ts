import { expect, it } from 'vitest';
import { byMinute } from './by-minute.js';

const NOW = Date.parse('2026-11-05T18:30:20Z');
const at = (minute: string, count: number) => ({ minute: `2026-11-05T${minute}:00.000Z`, count });

it('has a count for each minute, the one that it is now at the end', () => {
  expect(byMinute({ per_minute: [at('18:28', 2), at('18:30', 1)] }, 4, NOW)).toEqual([0, 2, 0, 1]);
});

it('leaves out what is longer ago, and counts what comes from a clock that is ahead as now', () => {
  expect(byMinute({ per_minute: [at('17:00', 9), at('18:31', 3)] }, 2, NOW)).toEqual([0, 3]);
});
