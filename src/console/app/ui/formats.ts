/** The time of day, with the date where that is not today's. */
export function timeOf(iso: string): string {
  const date = new Date(iso);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(undefined, isToday ? { timeStyle: 'short' } : { dateStyle: 'short', timeStyle: 'short' });
}

const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** The time of day to the millisecond, as logs have it. @param at epoch milliseconds */
export function clockOf(at: number): string {
  return CLOCK.format(at);
}

/** Milliseconds, as short as they can be told. */
export function durationOf(milliseconds: number): string {
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`;
}

export function sizeOf(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

const LETTERS = new Intl.Segmenter();

/** The first letter as people see it, which may be of several characters. */
export function initialOf(name: string): string {
  for (const { segment } of LETTERS.segment(name)) return segment.toUpperCase();
  return '';
}
