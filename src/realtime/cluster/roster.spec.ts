import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bus } from '../bus/bus.js';
import type { RosterChange, RosterList } from '../ports.js';
import type { NodeMessage } from './messages.js';
import { Nodes } from './nodes.js';
import { ReplicatedRoster } from './roster.js';

type Passage = (message: NodeMessage) => boolean;

/** Several nodes, and what passes between them. */
class Wire {
  passes: Passage = () => true;
  isWhole = true;
  private readonly listeners: ((message: NodeMessage) => void)[] = [];
  private readonly restorations: (() => void)[] = [];

  /** One more node, which begins at once. */
  node(id: string): { roster: ReplicatedRoster; users: RosterList<number> } {
    const bus = Object.defineProperty(
      {
        publish: (_topic: string, message: NodeMessage) => this.send(message),
        subscribe: async (_topic: string, listener: (message: NodeMessage) => void) =>
          void this.listeners.push(listener),
        onRestored: (listener: () => void) => void this.restorations.push(listener),
      },
      'isWhole',
      { get: () => this.isWhole },
    ) as unknown as Bus;
    const nodes = new Nodes(bus, { id });
    const roster = new ReplicatedRoster(nodes, bus, { id });
    void nodes.onApplicationBootstrap();
    roster.onApplicationBootstrap();
    return { roster, users: roster.list('users') };
  }

  restore(): void {
    this.isWhole = true;
    for (const listener of this.restorations) listener();
  }

  private send(message: NodeMessage): void {
    if (!this.isWhole || !this.passes(message)) return;
    const copy = JSON.parse(JSON.stringify(message)) as NodeMessage;
    for (const listener of this.listeners) listener(copy);
  }
}

describe('ReplicatedRoster', () => {
  let wire: Wire;
  beforeEach(() => {
    vi.useFakeTimers();
    wire = new Wire();
  });
  afterEach(() => vi.useRealTimers());

  const turn = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(1));

  it('shows every node what the others state, and what they take back', async () => {
    const [a, b] = [wire.node('a'), wire.node('b')];
    a.users.set('ann', 1);
    b.users.set('ann', 2);
    await turn();
    for (const { users } of [a, b]) expect(Object.fromEntries(users.of('ann'))).toEqual({ a: 1, b: 2 });
    a.users.delete('ann');
    await turn();
    expect([...b.users.of('ann')]).toEqual([['b', 2]]);
  });

  it('tells who watches what has changed, and what the node says of why', async () => {
    const [a, b] = [wire.node('a'), wire.node('b')];
    await turn();
    const seen: RosterChange<unknown, unknown>[] = [];
    b.roster.list<number, string>('users').watch((change) => seen.push(change));
    a.roster.list<number, string>('users').set('ann', 1);
    a.roster.list<number, string>('users').delete('ann', 'tired');
    await turn();
    expect(seen).toMatchObject([
      { key: 'ann', node: 'a', value: 1, before: undefined, isLoss: false },
      { key: 'ann', node: 'a', value: undefined, before: 1, note: 'tired', isLoss: false },
    ]);
  });

  it('shows a node that comes later what was stated before, however much, and what changes meanwhile', async () => {
    const a = wire.node('a');
    for (let user = 0; user < 2_500; user++) a.users.set(`user ${user}`, 1);
    await turn();
    vi.useRealTimers(); // the parts come in turns of their own
    const b = wire.node('b');
    await vi.waitFor(() => expect(b.users.of('user 0').get('a')).toBe(1));
    a.users.delete('user 1');
    await vi.waitFor(() => expect(b.users.of('user 2499').get('a')).toBe(1));
    await vi.waitFor(() => expect(b.users.of('user 1').size).toBe(0));
  });

  it('finds what it missed with the next sign of life', async () => {
    const [a, b] = [wire.node('a'), wire.node('b')];
    a.users.set('ann', 1);
    a.users.set('bob', 1);
    await turn();
    wire.passes = ({ type }) => type !== 'roster.delta';
    a.users.delete('ann');
    a.users.set('carl', 1);
    await turn();
    expect(b.users.of('ann').size).toBe(1);
    wire.passes = () => true;
    await vi.advanceTimersByTimeAsync(2_000);
    await turn();
    expect(['ann', 'bob', 'carl'].map((user) => b.users.of(user).size)).toEqual([0, 1, 1]);
  });

  it('forgets a node that is silent, within 15 s, and one that leaves at once', async () => {
    const [a, b, c] = [wire.node('a'), wire.node('b'), wire.node('c')];
    const losses: string[] = [];
    a.users.watch(({ key, isLoss }) => isLoss && losses.push(key));
    b.users.set('bob', 1);
    c.users.set('carl', 1);
    await turn();
    expect(a.roster.isEldest).toBe(true);
    expect(c.roster.isEldest).toBe(false);
    c.roster.onApplicationShutdown();
    expect(losses).toEqual(['carl']);
    wire.passes = ({ node }) => node !== 'b';
    await vi.advanceTimersByTimeAsync(15_000);
    expect(losses).toEqual(['carl', 'bob']);
    expect(a.roster.others).toEqual([]);
  });

  it('forgets nobody while it is cut off itself, and those who are not there afterwards', async () => {
    const [a, b, c] = [wire.node('a'), wire.node('b'), wire.node('c')];
    b.users.set('bob', 1);
    c.users.set('carl', 1);
    await turn();
    wire.isWhole = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([a.users.of('bob').size, a.users.of('carl').size]).toEqual([1, 1]);
    wire.passes = ({ node }) => node !== 'c';
    wire.restore();
    await vi.advanceTimersByTimeAsync(15_000);
    expect([a.users.of('bob').size, a.users.of('carl').size]).toEqual([1, 0]);
  });
});
