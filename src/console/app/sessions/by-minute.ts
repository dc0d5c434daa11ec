import type { Dashboard } from '../api/types.js';

const MINUTE = 60_000;

/** Check-ins in each of the last `length` minutes, up to the one of `now` (epoch milliseconds). */
export function byMinute({ per_minute }: Pick<Dashboard, 'per_minute'>, length: number, now: number): number[] {
  const last = Math.floor(now / MINUTE);
  const counts = Array.from({ length }, () => 0);
  for (const { minute, count } of per_minute) {
    const ago = Math.max(0, last - Math.floor(Date.parse(minute) / MINUTE)); // this clock may be slow
    const place = length - 1 - ago;
    if (place >= 0) counts[place] = counts[place]! + count;
  }
  return counts;
}
