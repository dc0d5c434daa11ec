import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dialect, Place } from '../dialects/dialect.js';
import type { ConversationRef, DomainEvent, MessageCreated, MessageEvent } from './events.js';
import { parseExtensions } from './extensions.js';
import type { Listener } from './listener.js';
import { Meters } from './meters.js';
import { ChangeLog } from './ports.js';
import { type Entry, Room } from './room.js';
import { type Rendered, Voice } from './voice.js';

const CONVERSATION: ConversationRef = { id: 'c', number: 1, kind: 'group', slug: null };

const VOICE = Voice.of(
  {
    name: 'test',
    path: '/',
    memberships: 'ignored',
    headerAuth: false,
    recognises: () => true,
    eventOf: () => undefined,
    present: (event: DomainEvent) => ({ frame: () => ({ offset: (event as MessageEvent).offset }) }),
    error: () => ({}),
  } as Partial<Dialect> as Dialect,
  parseExtensions(null),
);

/** Keeps the offsets that it was shown. */
class Ear {
  readonly heard: number[] = [];
  isClosed = false;
  readonly listener: Listener = {
    voice: VOICE,
    principal: {} as Listener['principal'],
    isEnded: false,
    hear: ({ encoded }: Rendered) => void this.heard.push((JSON.parse(encoded.text) as { offset: number }).offset),
    show: (event: DomainEvent, place: Place) => {
      const rendered = VOICE.render(event, place);
      if (rendered) this.listener.hear(rendered);
    },
    drained: () => Promise.resolve(),
    close: () => (this.isClosed = true),
  };
}

/** What is stored; reading it takes until `answer` is called, or no time. */
class Stored extends ChangeLog {
  readonly events: MessageEvent[] = [];
  readings = 0;
  failures = 0;
  gate: Promise<void> | undefined;

  add(...offsets: number[]): void {
    this.events.push(...offsets.map(change));
  }

  async since(_: string, offset: number, limit: number): Promise<MessageEvent[]> {
    this.readings++;
    const found = this.events.filter((event) => event.offset > offset).slice(0, limit);
    await this.gate;
    if (this.failures-- > 0) throw new Error('the database is away');
    return found;
  }

  async newest(): Promise<number> {
    return this.events.at(-1)?.offset ?? 0;
  }
}

const change = (offset: number): MessageCreated => ({
  type: 'message.created',
  conversation: CONVERSATION,
  offset,
  message: {} as MessageCreated['message'],
  origin: null,
});

/** Until a gap would have been filled. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

describe('Room', () => {
  let stored: Stored;
  let room: Room;
  beforeEach(() => {
    stored = new Stored();
    room = new Room(CONVERSATION, stored, 10, new Meters());
    room.holders = 1;
  });

  const enter = async (ear: Ear, since?: number): Promise<Entry | undefined> => {
    let entry: Entry | undefined;
    await room.join(ear.listener, 'entered', { since, answer: (given) => (entry = given), isWanted: () => true });
    return entry;
  };

  it('shows changes in their order, each once, though they come twice and out of order', async () => {
    const ear = new Ear();
    room.open(0);
    await enter(ear);
    stored.add(1, 2, 3, 4);
    for (const offset of [1, 1, 3, 2, 4, 2]) room.receive(change(offset));
    await settled();
    expect(ear.heard).toEqual([1, 2, 3, 4]);
  });

  it('fills a gap from the database before it shows what comes after', async () => {
    const ear = new Ear();
    room.open(0);
    await enter(ear);
    stored.add(1, 2, 3);
    room.receive(change(3));
    expect(ear.heard).toEqual([]);
    await settled();
    expect(ear.heard).toEqual([1, 2, 3]);
    expect(stored.readings).toBe(1);
  });

  it('keeps what comes while a gap is being filled', async () => {
    const ear = new Ear();
    room.open(0);
    await enter(ear);
    stored.add(1, 2);
    let answer: () => void = () => {};
    stored.gate = new Promise((resolve) => (answer = resolve));
    room.receive(change(2));
    stored.add(3, 4);
    room.receive(change(3));
    room.receive(change(4));
    answer();
    await settled();
    expect(ear.heard).toEqual([1, 2, 3, 4]);
  });

  it('asks nothing of the database when the bus was only overtaken', async () => {
    const ear = new Ear();
    room.open(0);
    await enter(ear);
    stored.add(1, 2);
    room.receive(change(2));
    room.receive(change(1));
    await settled();
    expect(ear.heard).toEqual([1, 2]);
    expect(stored.readings).toBe(0);
  });

  it('does not show a message as new twice when the bus brings it while the gap is read', async () => {
    const ear = new Ear();
    room.open(0);
    await enter(ear);
    let answer: () => void = () => {};
    stored.gate = new Promise((resolve) => (answer = resolve));
    stored.add(1, 2);
    room.receive(change(2));
    room.receive(change(1));
    answer();
    await settled();
    expect(ear.heard).toEqual([1, 2]);
  });

  it('waits for the database, and shows nothing out of order meanwhile', async () => {
    const ear = new Ear();
    room.open(0);
    await enter(ear);
    stored.add(1, 2);
    stored.failures = 1;
    room.receive(change(2));
    await settled();
    expect(ear.heard).toEqual([]);
    await expect.poll(() => ear.heard, { timeout: 5_000 }).toEqual([1, 2]);
  });

  it('goes on after an offset that was told of but is not stored', async () => {
    const ear = new Ear();
    room.open(0);
    await enter(ear);
    room.receive(change(2));
    await settled();
    room.receive(change(3));
    expect(ear.heard).toEqual([3]);
  });

  it('shows what came before it was opened, from its position on', async () => {
    const ear = new Ear();
    room.receive(change(5));
    room.receive(change(6));
    room.open(5);
    await enter(ear);
    room.receive(change(7));
    expect(ear.heard).toEqual([7]);
  });

  it('lets everyone reconnect when a gap is too large to be filled live', async () => {
    const ear = new Ear();
    room.open(0);
    await enter(ear);
    stored.add(...Array.from({ length: 10_000 }, (_, index) => index + 1));
    room.receive(change(10_000));
    await settled();
    expect(ear.isClosed).toBe(true);
  });

  describe('when someone enters with an offset', () => {
    it('shows what was missed, then what happened meanwhile, then what happens', async () => {
      const ear = new Ear();
      stored.add(1, 2, 3);
      room.open(3);
      let answer: () => void = () => {};
      stored.gate = new Promise((resolve) => (answer = resolve));
      const entering = enter(ear, 1);
      stored.add(4);
      room.receive(change(4));
      answer();
      expect(await entering).toEqual({ offset: 3, recovered: true });
      room.receive(change(5));
      expect(ear.heard).toEqual([2, 3, 4, 5]);
    });

    it('shows what has no offset and happened meanwhile', async () => {
      const ear = new Ear();
      room.open(0);
      let answer: () => void = () => {};
      stored.gate = new Promise((resolve) => (answer = resolve));
      const show = vi.spyOn(ear.listener, 'show').mockReturnValue();
      const entering = enter(ear, 0);
      room.receive({ type: 'typing.changed' } as DomainEvent);
      answer();
      await entering;
      expect(show).toHaveBeenCalledOnce();
    });

    it('shows once what the database has and the bus has yet to bring', async () => {
      const ear = new Ear();
      stored.add(1, 2);
      room.open(1);
      expect(await enter(ear, 0)).toEqual({ offset: 2, recovered: true });
      room.receive(change(2));
      room.receive(change(3));
      expect(ear.heard).toEqual([1, 2, 3]);
    });

    it('shows nothing of the past, and all of the future, when too much was missed', async () => {
      const ear = new Ear();
      stored.add(...Array.from({ length: 11 }, (_, index) => index + 1));
      room.open(11);
      expect(await enter(ear, 0)).toEqual({ offset: 11, recovered: false });
      room.receive(change(12));
      expect(ear.heard).toEqual([12]);
    });

    it('shows everything when just not too much was missed', async () => {
      const ear = new Ear();
      stored.add(...Array.from({ length: 11 }, (_, index) => index + 1));
      room.open(11);
      expect(await enter(ear, 1)).toEqual({ offset: 11, recovered: true });
      expect(ear.heard).toHaveLength(10);
    });

    it('recovers nothing from the future', async () => {
      const ear = new Ear();
      stored.add(1);
      room.open(1);
      expect(await enter(ear, 2)).toEqual({ offset: 1, recovered: false });
    });

    it('recovers from the newest offset, where there is nothing to show', async () => {
      const ear = new Ear();
      stored.add(1);
      room.open(1);
      expect(await enter(ear, 1)).toEqual({ offset: 1, recovered: true });
    });

    it('shows who comes back what was missed before, and nothing twice or out of order', async () => {
      const ear = new Ear();
      stored.add(1, 2, 3);
      room.open(3);
      await enter(ear);
      stored.add(4);
      room.receive(change(4));
      const entries: Entry[] = [];
      const again = { since: 1, answer: (entry: Entry) => void entries.push(entry), isWanted: () => true };
      const rejoining = room.rejoin(ear.listener, 3, again);
      stored.add(5);
      room.receive(change(5));
      await rejoining;
      room.receive(change(6));
      expect(entries).toEqual([{ offset: expect.any(Number), recovered: true }]);
      expect(ear.heard).toEqual([4, 2, 3, 5, 6]);
    });

    it('waits for a slow reader, and shows what happened meanwhile after that', async () => {
      const ear = new Ear();
      const many = new Room(CONVERSATION, stored, 1_000, new Meters());
      many.holders = 1;
      stored.add(...Array.from({ length: 250 }, (_, index) => index + 1));
      many.open(250);
      let read: () => void = () => {};
      ear.listener.drained = () => new Promise((resolve) => (read = resolve));
      const joining = many.join(ear.listener, 'entered', { since: 0, isWanted: () => true });
      await expect.poll(() => ear.heard.length).toBe(100);
      many.receive(change(251));
      read();
      await expect.poll(() => ear.heard.length).toBe(200);
      read();
      await joining;
      expect(ear.heard).toEqual(Array.from({ length: 251 }, (_, index) => index + 1));
    });

    it('leaves out one who may not hear it any more by then', async () => {
      const ear = new Ear();
      stored.add(1);
      room.open(1);
      expect(await room.join(ear.listener, 'entered', { since: 0, isWanted: () => false })).toBe(false);
      room.receive(change(2));
      expect(ear.heard).toEqual([]);
    });
  });
});
