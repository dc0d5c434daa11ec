import { median } from './measuring.js';
import type { Comparison, Figures, Scenario } from './scenario.js';

/** What an entry gave, round by round. */
export type Rounds = ReadonlyMap<string, readonly Figures[]>;

/** A comparison's outcome: the median of the rounds' ratios. */
export interface Ratio {
  readonly entry: string;
  readonly with: readonly string[];
  readonly ratio: number;
  readonly wanted?: string;
  readonly isReached?: boolean;
}

/** An entry's outcome: medians of the rounds' figures. */
export interface Row {
  readonly entry: string;
  readonly values: readonly number[];
  readonly figures: Readonly<Record<string, number>>;
}

/** A scenario's outcome, as it is kept. */
export interface Outcome extends Pick<Scenario, 'name' | 'title' | 'unit' | 'shape'> {
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
  /** What was counted wrong, or failed otherwise. */
  readonly failures: readonly string[];
}

export function conclude(scenario: Scenario, rounds: Rounds, failures: readonly string[]): Outcome {
  const { name, title, unit, shape } = scenario;
  const rows = Array.from(rounds, ([entry, figures]): Row => {
    const keys = Object.keys(figures[0] ?? {});
    return {
      entry,
      values: figures.map(({ value }) => value),
      figures: Object.fromEntries(keys.map((key) => [key, median(figures.map((one) => one[key] ?? NaN))])),
    };
  });
  const ratios = scenario.comparisons
    .filter((comparison) => [comparison.entry, ...comparison.with].every((entry) => rounds.get(entry)?.length))
    .map((comparison) => compare(comparison, rounds));
  return { name, title, unit, shape, rows, ratios, failures };
}

/** Neighbours in time are compared: what the machine did meanwhile, it did to both. */
function compare({ entry, with: peers, atLeast, atMost, limit }: Comparison, rounds: Rounds): Ratio {
  const own = rounds.get(entry)!;
  const ratios = own.map(({ value }, round) => {
    const others = peers.map((peer) => rounds.get(peer)?.[round]?.value ?? NaN);
    return value / (others.reduce((sum, other) => sum + other, 0) / others.length);
  });
  const ratio = median(ratios.filter((one) => !Number.isNaN(one)));
  const outcome = { entry, with: peers, ratio };
  if (atLeast !== undefined) return { ...outcome, wanted: `at least ${atLeast}`, isReached: ratio >= atLeast };
  if (atMost !== undefined) return { ...outcome, wanted: `at most ${atMost}`, isReached: ratio <= atMost };
  if (limit === undefined) return outcome;
  const value = median(own.map((one) => one.value));
  return { ...outcome, wanted: `itself at most ${limit}`, isReached: value <= limit };
}

/** An outcome as a table for the terminal. */
export function tableOf({ title, unit, shape, rows, ratios }: Outcome): string {
  const columns = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))].filter((key) => key !== 'value');
  const lines = [
    ['', unit, 'from', 'to', ...columns],
    ...rows.map(({ entry, values, figures }) => [
      entry,
      ...[figures.value, Math.min(...values), Math.max(...values)].map(format),
      ...columns.map((column) => format(figures[column])),
    ]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const table = lines.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
  const verdicts = ratios.map(({ entry, with: peers, ratio, wanted, isReached }) => {
    const peer = peers.length > 1 ? `the mean of ${peers.join(', ')}` : peers[0]!;
    const verdict = wanted === undefined ? '' : `; wanted: ${wanted}${isReached ? '' : ', NOT REACHED'}`;
    return `${entry} is ${format(ratio)} × ${peer}${verdict}`;
  });
  const about = Object.entries(shape).map(([key, value]) => `${key}: ${value}`);
  return [title, `(${about.join('; ')})`, ...table, ...verdicts].map((line) => `  ${line}`).join('\n');
}

export function format(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-';
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
