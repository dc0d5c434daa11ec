/** What the nodes tell each other of themselves; plain values, as everything on the bus. */
export type NodeMessage =
  RosterDelta | RosterState | RosterAlive | RosterWanted | RosterLeft | InquiryAsked | InquiryAnswered;

/** A node states something (`value`), or takes it back (null, with a note that says why). */
export type FactChange = readonly [list: string, key: string, value: unknown, note?: unknown];

/** What a node states has changed. Its versions go up by one: who misses one asks for the state. */
export interface RosterDelta {
  readonly type: 'roster.delta';
  readonly node: string;
  readonly version: number;
  readonly changes: readonly FactChange[];
}

/** All that a node states, in parts that follow each other. */
export interface RosterState {
  readonly type: 'roster.state';
  readonly node: string;
  readonly version: number;
  readonly facts: readonly FactChange[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** A node is there, and this is its newest version. */
export interface RosterAlive {
  readonly type: 'roster.alive';
  readonly node: string;
  readonly version: number;
}

/** A node asks for the state of one other, or of all. */
export interface RosterWanted {
  readonly type: 'roster.wanted';
  readonly node: string;
  readonly of: string | null;
}

/** A node leaves: nothing that it stated holds any more. */
export interface RosterLeft {
  readonly type: 'roster.left';
  readonly node: string;
}

/** A node asks all others something (`Question` in `ports.ts`). */
export interface InquiryAsked {
  readonly type: 'inquiry.asked';
  readonly node: string;
  readonly id: string;
  /** Which question. */
  readonly name: string;
  /** What it is about. */
  readonly of: unknown;
}

export interface InquiryAnswered {
  readonly type: 'inquiry.answered';
  readonly node: string;
  /** Which question it answers. */
  readonly id: string;
  readonly answer: unknown;
}
