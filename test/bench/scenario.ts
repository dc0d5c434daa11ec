import type { Subject, SubjectName } from './subjects.js';

/** What one run of one entry gave. `value` is what is compared; the others say how it came about. */
export type Figures = { readonly value: number } & Readonly<Record<string, number>>;

/** One who takes part in a comparison. */
export interface Entry {
  /** The subject's name and, where it takes part in several ways, `:` and the way. */
  readonly name: string;
  readonly subject: SubjectName;
  measure(subject: Subject): Promise<Figures>;
}

/** What an entry is compared with: the mean of those, in the same round. */
export interface Comparison {
  readonly entry: string;
  readonly with: readonly string[];
  /** What issue 5 wants the ratio to be. */
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What issue 5 wants the entry's own value to be at most. */
  readonly limit?: number;
}

/** Entries that are run in turn, A B C A B C, and what their figures mean. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Of `value`. */
  readonly unit: string;
  /** How many of everything, and how many messages are on their way at once. */
  readonly shape: Readonly<Record<string, number | string>>;
  readonly entries: readonly Entry[];
  readonly comparisons: readonly Comparison[];
  /** Whether each round needs servers that have done nothing before. */
  readonly needsFreshServers?: boolean;
}

/** How large and how long a run is. */
export interface Size {
  /** Whether it is only to be seen that everything is counted: the smallest of everything, and no figure means anything. */
  readonly smoke: boolean;
  /** Of each measurement, after it has warmed up. */
  readonly seconds: number;
}

/** Makes a scenario of that size. */
export type ScenarioMaker = (size: Size) => Scenario;

/** The subject that an entry's name names. */
export function subjectOf(name: string): SubjectName {
  return name.split(':', 1)[0] as SubjectName;
}
