/** A test, by its file and the end of its full name: titles of the blocks around it, where they are needed, and its own. */
export interface Proof {
  readonly file: string;
  /** Parts are joined by ` > `; `it.each` has its pattern. */
  readonly title: string;
}

/** A sentence of a document that says what a server does, and the test that fails when ours does not. */
export interface Rule {
  readonly section: string;
  readonly rule: string;
  readonly proof: Proof;
}

/** A JSON example of a document, as it is printed there, and the test in which it goes over the wire. */
export interface Example {
  readonly section: string;
  readonly name: string;
  /** Whether clients send or get it, in which dialect, and by what name; nothing, where it is not a frame. */
  readonly frame?: readonly ['in' | 'out', dialect: string, name: string];
  readonly json: unknown;
  readonly proof: Proof;
}

/** A part of a document that has no row. */
export interface Omission {
  readonly section: string;
  readonly reason: string;
}

/** All that a document says. */
export interface DocumentRules {
  readonly document: string;
  readonly title: string;
  /** Every JSON block of the document has its place here. */
  readonly examples: readonly Example[];
  readonly rules: readonly Rule[];
  /** What says nothing that a server does. */
  readonly omitted: readonly Omission[];
  /** What is not served, or not wholly. */
  readonly unserved: readonly Omission[];
}

/** Makes proofs of the titles of one file's tests. */
export function provedIn(file: string): (title: string) => Proof {
  return (title) => ({ file, title });
}

/** The rows of a document, by section: its rules and its examples. */
export function rowsOf({ rules, examples }: DocumentRules): Rule[] {
  const shown = examples.map(({ section, name, proof }) => ({ section, rule: `example: ${name}`, proof }));
  const sections = new Map<string, Rule[]>();
  for (const row of [...rules, ...shown]) sections.set(row.section, [...(sections.get(row.section) ?? []), row]);
  return [...sections.values()].flat();
}
