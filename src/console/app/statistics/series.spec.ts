import { expect, it } from 'vitest';
import { extend, type Series } from './series.js';

it('begins with nothing, and gets a reading each time', () => {
  const first = extend([], [['in', 1]]);
  expect(extend(first, [['in', 2]])).toEqual([{ name: 'in', values: [1, 2] }]);
});

it('has as many readings of each figure, whether it was there before or is now', () => {
  const first = extend([], [['flat', 1]]);
  expect(extend(first, [['tribe', 5]])).toEqual([
    { name: 'flat', values: [1, 0] },
    { name: 'tribe', values: [0, 5] },
  ]);
});

it('keeps the last sixty readings', () => {
  let series: Series[] = [];
  for (let value = 1; value <= 100; value++) series = extend(series, [['in', value]]);
  expect(series[0]?.values).toHaveLength(60);
  expect(series[0]?.values.at(-1)).toBe(100);
});
