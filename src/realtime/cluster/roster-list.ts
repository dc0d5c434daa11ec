import type { RosterChange, RosterList } from '../ports.js';

type Watcher = (change: RosterChange<unknown, unknown>) => void;

/** One list of a roster: who states what, by key and node. */
export class ReplicatedList implements RosterList<unknown, unknown> {
  private readonly facts = new Map<string, Map<string, unknown>>();
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
    if (value === undefined) {
      if (!stated?.delete(node)) return;
      if (stated.size === 0) this.facts.delete(key);
    } else if (stated) {
      stated.set(node, value);
    } else {
      this.facts.set(key, new Map([[node, value]]));
    }
    for (const watcher of this.watchers) watcher({ key, node, value, before, note, isLoss });
  }

  /** What a node states, by key. */
  statedBy(node: string): Map<string, unknown> {
    const stated = new Map<string, unknown>();
    for (const [key, values] of this.facts) if (values.has(node)) stated.set(key, values.get(node));
    return stated;
  }
}

const NONE: ReadonlyMap<string, unknown> = new Map();
