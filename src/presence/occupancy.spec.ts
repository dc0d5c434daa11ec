import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UserRef } from '../common/principal.js';
import type { RealtimeSettings } from '../config/settings.js';
import { MemoryBus } from '../realtime/bus/memory.bus.js';
import { Nodes } from '../realtime/cluster/nodes.js';
import { ReplicatedRoster } from '../realtime/cluster/roster.js';
import { ThisNode } from '../realtime/cluster/this-node.js';
import type { ConversationRef, DomainEvent } from '../realtime/events.js';
import type { EventPublisher } from '../realtime/publisher.js';
import { Occupancy } from './occupancy.js';

const GRACE = 2_000;
const ANN: UserRef = { id: 'ann', number: 1, username: 'ann', fullName: 'Ann', profileImageUrl: null, email: 'ann@x' };
const BOB: UserRef = { ...ANN, id: 'bob' };
const TALK: ConversationRef = { id: 'talk', number: 1, kind: 'group', slug: null };
const OTHER: ConversationRef = { ...TALK, id: 'other' };

/** An occupancy, what it has told so far, in short, and another node of its roster. */
function setUp() {
  const told: string[] = [];
  const publishHere = (event: DomainEvent): void => {
    if (event.type === 'occupant.joined') told.push(`${event.user.id} joined ${event.conversation.id}`);
    if (event.type === 'occupant.left') told.push(`${event.user.id} left ${event.conversation.id}: ${event.reason}`);
  };
  const bus = new MemoryBus();
  const nodes = new Nodes(bus, new ThisNode());
  void nodes.onApplicationBootstrap();
  const settings = { presenceGrace: GRACE } as RealtimeSettings;
  const roster = new ReplicatedRoster(nodes, bus, new ThisNode());
  const occupancy = new Occupancy({ publishHere } as EventPublisher, settings, roster);
  let version = 0;
  nodes.tell({ type: 'roster.state', node: 'other', version, facts: [], isFirst: true, isLast: true });
  const change = (value: object | null, note?: object): void =>
    nodes.tell({
      type: 'roster.delta',
      node: 'other',
      version: ++version,
      changes: [['stays', 'talk:ann', value, note]],
    });
  const other = {
    enter: () => change({ user: ANN, conversation: TALK }),
    leave: (reason: string) => change(null, { user: ANN, reason }),
    die: () => nodes.tell({ type: 'roster.left', node: 'other' }),
  };
  return { told, occupancy, other };
}

describe('Occupancy', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells of the first connection to come and of the last to unsubscribe, at once', () => {
    const { told, occupancy } = setUp();
    occupancy.enter(ANN, TALK);
    occupancy.enter(ANN, TALK);
    occupancy.leave(ANN, TALK, 'unsubscribed');
    expect(told).toEqual(['ann joined talk']);
    occupancy.leave(ANN, TALK, 'unsubscribed');
    expect(told).toEqual(['ann joined talk', 'ann left talk: unsubscribed']);
  });

  it('tells of the last connection to be lost when the grace is over', () => {
    const { told, occupancy } = setUp();
    occupancy.enter(ANN, TALK);
    occupancy.leave(ANN, TALK, 'disconnected');
    vi.advanceTimersByTime(GRACE - 1);
    expect(told).toEqual(['ann joined talk']);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['ann joined talk', 'ann left talk: disconnected']);
  });

  it('tells nothing of who is back within the grace, however often', () => {
    const { told, occupancy } = setUp();
    occupancy.enter(ANN, TALK);
    for (let time = 0; time < 3; time++) {
      occupancy.leave(ANN, TALK, 'disconnected');
      vi.advanceTimersByTime(GRACE - 1);
      occupancy.enter(ANN, TALK);
      vi.advanceTimersByTime(GRACE);
    }
    expect(told).toEqual(['ann joined talk']);
    occupancy.leave(ANN, TALK, 'unsubscribed');
    expect(told).toEqual(['ann joined talk', 'ann left talk: unsubscribed']);
  });

  it('tells again of who comes after the grace', () => {
    const { told, occupancy } = setUp();
    occupancy.enter(ANN, TALK);
    occupancy.leave(ANN, TALK, 'disconnected');
    vi.advanceTimersByTime(GRACE);
    occupancy.enter(ANN, TALK);
    expect(told).toEqual(['ann joined talk', 'ann left talk: disconnected', 'ann joined talk']);
  });

  it('keeps users and conversations apart', () => {
    const { told, occupancy } = setUp();
    occupancy.enter(ANN, TALK);
    occupancy.enter(BOB, TALK);
    occupancy.enter(ANN, OTHER);
    occupancy.leave(ANN, TALK, 'unsubscribed');
    expect(told).toEqual(['ann joined talk', 'bob joined talk', 'ann joined other', 'ann left talk: unsubscribed']);
  });

  it('tells of who comes to another node, and leaves by it, once', () => {
    const { told, occupancy, other } = setUp();
    other.enter();
    occupancy.enter(ANN, TALK);
    expect(told).toEqual(['ann joined talk']);
    other.leave('unsubscribed');
    expect(told).toEqual(['ann joined talk']);
    occupancy.leave(ANN, TALK, 'disconnected');
    vi.advanceTimersByTime(GRACE);
    expect(told).toEqual(['ann joined talk', 'ann left talk: disconnected']);
  });

  it('waits for who was at a node that is gone to come back by another', () => {
    const { told, occupancy, other } = setUp();
    other.enter();
    other.die();
    vi.advanceTimersByTime(GRACE - 1);
    occupancy.enter(ANN, TALK);
    vi.advanceTimersByTime(GRACE);
    expect(told).toEqual(['ann joined talk']);
  });

  it('tells of who was at a node that is gone, and does not come back', () => {
    const { told, other } = setUp();
    other.enter();
    other.die();
    vi.advanceTimersByTime(GRACE);
    expect(told).toEqual(['ann joined talk', 'ann left talk: disconnected']);
  });

  it('tells nothing after it is taken down', () => {
    const { told, occupancy } = setUp();
    occupancy.enter(ANN, TALK);
    occupancy.leave(ANN, TALK, 'disconnected');
    occupancy.onModuleDestroy();
    vi.advanceTimersByTime(GRACE);
    expect(told).toEqual(['ann joined talk']);
  });
});
