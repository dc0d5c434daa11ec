import { parseArgs } from 'node:util';
import type { Scenario, Size } from './scenario.js';
import { subjectOf } from './scenario.js';

const SECONDS = 4;
const SMOKE_SECONDS = 0.15;
const ROUNDS = 3;

/** What a run was asked for. */
export interface Options extends Size {
  readonly rounds: number;
  /** Beginnings of scenarios' names; none means all. */
  readonly only: readonly string[];
  /** Names of subjects or entries; none means all. */
  readonly subjects: readonly string[];
  /** Whether it is to be noted where Parlance's time goes. */
  readonly profile: boolean;
}

export const USAGE = `npm run bench -- [options]
  --only SCENARIO,…     scenarios whose names begin so
  --subjects SUBJECT,…  subjects (ws, parlance, …) or entries (parlance:flat, …)
  --seconds SECONDS     of each measurement (${SECONDS})
  --smoke               everything in miniature: is everything counted?
  --profile             also note where Parlance's time goes (results/*.cpuprofile), and print the functions with the most`;

/** @throws when an option is unknown */
export function readOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string', default: '' },
      subjects: { type: 'string', default: '' },
      seconds: { type: 'string' },
      smoke: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
    },
  });
  const { smoke, profile } = values;
  const seconds = Number(values.seconds ?? (smoke ? SMOKE_SECONDS : SECONDS));
  if (!(seconds > 0)) throw new Error('--seconds must be a number above 0');
  const list = (text: string): string[] => text.split(',').filter((name) => name !== '');
  return {
    smoke,
    profile,
    seconds,
    rounds: smoke ? 1 : ROUNDS,
    only: list(values.only),
    subjects: list(values.subjects),
  };
}

/** A scenario with the entries that were asked for, and what can be compared among them; nothing when there are none. */
export function choose(scenario: Scenario, { only, subjects }: Options): Scenario | undefined {
  if (only.length > 0 && !only.some((beginning) => scenario.name.startsWith(beginning))) return undefined;
  const entries = scenario.entries.filter(
    ({ name }) => subjects.length === 0 || subjects.includes(name) || subjects.includes(subjectOf(name)),
  );
  if (entries.length === 0) return undefined;
  const names = new Set(entries.map(({ name }) => name));
  const comparisons = scenario.comparisons.filter((one) => [one.entry, ...one.with].every((name) => names.has(name)));
  return { ...scenario, entries, comparisons };
}
