import type { RosterChange, RosterList } from '../ports.js';

type Watcher = (change: RosterChange<unknown, unknown>) => void;
type Statements = ReadonlyMap<string, unknown>;

/** Statements that are kept to be shared. */
const MOST_SHARED = 1_000;

/** One list of a roster: who states what, by key and node. */
export class ReplicatedList implements RosterList<unknown, unknown> {
  /** What is stated of each key: never changed but replaced, since most keys share it. */
  private readonly facts = new Map<string, Statements>();
  /**
   * Of a key of which one node states one thing, by both: most users have one connection, and a map for each of them would be
   * four fifths of what a list takes.
   */
  private readonly shared = new Map<string, Statements>();
  private readonly watchers: Watcher[] = [];

  constructor(
    private readonly thisNode: string,
    /** Called with what this node states, to tell the others. */
    private readonly onOwnChange: (key: string, value: unknown, note: unknown) => void,
  ) {}

  set(key: string, value: unknown): void {
    this.apply(this.thisNode, key, value, undefined);
    this.onOwnChange(key, value, undefined);
  }

  delete(key: string, note?: unknown): void {
    if (!this.of(key).has(this.thisNode)) return;
    this.apply(this.thisNode, key, undefined, note);
    this.onOwnChange(key, null, note);
  }

  of(key: string): ReadonlyMap<string, unknown> {
    return this.facts.get(key) ?? NONE;
  }

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  /** Takes note of what a node states; undefined takes it back. `isLoss`: since the node is gone. */
  apply(node: string, key: string, value: unknown, note: unknown, isLoss = false): void {
    const stated = this.facts.get(key);
    const before = stated?.get(node);
    if (value === undefined && !stated?.has(node)) return;
    const others = [...(stated ?? NONE)].filter(([other]) => other !== node);
    if (value === undefined && others.length === 0) this.facts.delete(key);
    else this.facts.set(key, this.statements(value === undefined ? others : [...others, [node, value]]));
    for (const watcher of this.watchers) watcher({ key, node, value, before, note, isLoss });
  }

  private statements(entries: readonly (readonly [node: string, value: unknown])[]): Statements {
    const [node, value] = entries[0]!;
    if (entries.length > 1 || (typeof value !== 'number' && typeof value !== 'string')) return new Map(entries);
    const name = `${node} ${typeof value} ${value}`;
    let statements = this.shared.get(name);
    if (!statements) {
      if (this.shared.size >= MOST_SHARED) this.shared.clear();
      this.shared.set(name, (statements = new Map(entries)));
    }
    return statements;
  }

  /** What a node states, by key. */
  statedBy(node: string): Map<string, unknown> {
    const stated = new Map<string, unknown>();
    for (const [key, values] of this.facts) if (values.has(node)) stated.set(key, values.get(node));
    return stated;
  }
}

const NONE: ReadonlyMap<string, unknown> = new Map();
