import { describe, expect, it } from 'vitest';
import type { Deadline } from '../common/deadline.js';
import type { PreparedStatements } from '../database/prepared.js';
import { Meters } from '../realtime/meters.js';
import type { InsertRow } from './insert-messages.js';
import { type Draft, MessageWriter } from './message-writer.js';

const NOBODY = { receiverId: null, receiverNumber: null };

/** A database whose batches end when, and as, a test says. */
class Database {
  readonly batches: { contents: string[]; end: (error?: unknown) => void }[] = [];
  private arrived: () => void = () => {};

  async execute(_: unknown, values: unknown[]): Promise<InsertRow[]> {
    const contents = values[3] as string[];
    await new Promise<void>((resolve, reject) => {
      this.batches.push({ contents, end: (error) => (error === undefined ? resolve() : reject(error)) });
      this.arrived();
    });
    return contents.map((content, index) =>
      content === 'refused'
        ? { ...NOBODY, number: null, seq: null, offset: null, joined: false, repeatedId: null }
        : { ...NOBODY, number: index, seq: index + 1, offset: index + 1, joined: false, repeatedId: null },
    );
  }

  /** The next batch, once it has been begun. */
  async next(): Promise<Database['batches'][number]> {
    while (this.batches.length === 0) await new Promise<void>((resolve) => (this.arrived = resolve));
    return this.batches.shift()!;
  }
}

const failure = (code: string) => Object.assign(new Error(code), { code });

function draft(content: string, clientMessageId: string | null = null): Draft {
  const who = { conversationId: 'c', senderId: 's', addresseeId: null };
  return { id: `id of ${content}`, ...who, content, messageType: 'text', clientMessageId };
}

function setUp() {
  const database = new Database();
  const writer = new MessageWriter(database as unknown as PreparedStatements, new Meters());
  const write = (draft: Draft, deadline: Deadline = { hasPassed: false }) => writer.write(draft, deadline);
  return { database, writer: { write } };
}

describe('MessageWriter', () => {
  it('commits what one turn of the event loop brings together, and gathers the rest meanwhile', async () => {
    const { database, writer } = setUp();
    const answers = [writer.write(draft('a')), writer.write(draft('b'))];
    const first = await database.next();
    expect(first.contents).toEqual(['a', 'b']);
    answers.push(writer.write(draft('c')), writer.write(draft('d')));
    expect(database.batches).toEqual([]);
    first.end();
    const second = await database.next();
    expect(second.contents).toEqual(['c', 'd']);
    second.end();
    expect((await Promise.all(answers)).map(({ kind }) => kind)).toEqual(Array(4).fill('inserted'));
  });

  it('answers in the order of the calls', async () => {
    const { database, writer } = setUp();
    const answered: string[] = [];
    const answers = ['a', 'b', 'c'].map((content) => writer.write(draft(content)).then(() => answered.push(content)));
    (await database.next()).end();
    await Promise.all(answers);
    expect(answered).toEqual(['a', 'b', 'c']);
  });

  it('puts at most a thousand messages into a batch', async () => {
    const { database, writer } = setUp();
    const answers = Array.from({ length: 1_001 }, (_, index) => writer.write(draft(`${index}`)));
    const first = await database.next();
    expect(first.contents).toHaveLength(1_000);
    first.end();
    const second = await database.next();
    expect(second.contents).toEqual(['1000']);
    second.end();
    await Promise.all(answers);
  });

  it('stores a message once that is sent twice before it is committed', async () => {
    const { database, writer } = setUp();
    const answers = [
      writer.write(draft('first', 'x')),
      writer.write(draft('again', 'x')),
      writer.write(draft('other', 'y')),
    ];
    const batch = await database.next();
    expect(batch.contents).toEqual(['first', 'other']);
    batch.end();
    expect(await Promise.all(answers)).toMatchObject([
      { kind: 'inserted', seq: 1 },
      { kind: 'repeated', messageId: 'id of first' },
      { kind: 'inserted', seq: 2 },
    ]);
  });

  it('judges for itself what would have repeated what is refused', async () => {
    const { database, writer } = setUp();
    const answers = [writer.write(draft('refused', 'x')), writer.write(draft('elsewhere', 'x'))];
    (await database.next()).end();
    const second = await database.next();
    expect(second.contents).toEqual(['elsewhere']);
    second.end();
    expect(await Promise.all(answers)).toMatchObject([{ kind: 'refused' }, { kind: 'inserted' }]);
  });

  it.each(['23505', '40P01', '40001'])('runs a batch again that another node got in the way of (%s)', async (code) => {
    const { database, writer } = setUp();
    const answers = [writer.write(draft('a')), writer.write(draft('b'))];
    (await database.next()).end(failure(code));
    const again = await database.next();
    expect(again.contents).toEqual(['a', 'b']);
    again.end();
    expect(await Promise.all(answers)).toMatchObject([{ kind: 'inserted' }, { kind: 'inserted' }]);
  });

  it('lets one bad message cost its sender only', async () => {
    const { database, writer } = setUp();
    const answers = ['a', 'bad', 'c'].map((content) => writer.write(draft(content)));
    const settled = Promise.allSettled(answers);
    (await database.next()).end(failure('22021'));
    for (const content of ['a', 'bad', 'c']) {
      const alone = await database.next();
      expect(alone.contents).toEqual([content]);
      alone.end(content === 'bad' ? failure('22021') : undefined);
    }
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('rejects all of a batch when the database is lost, and goes on with the next', async () => {
    const { database, writer } = setUp();
    const answers = [writer.write(draft('a')), writer.write(draft('b', 'x')), writer.write(draft('c', 'x'))];
    const settled = Promise.allSettled(answers);
    (await database.next()).end(failure('57P01'));
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    const later = writer.write(draft('d'));
    (await database.next()).end();
    expect(await later).toMatchObject({ kind: 'inserted' });
  });

  it('refuses more than may wait', async () => {
    const { database, writer } = setUp();
    const answers = Array.from({ length: 20_000 }, (_, index) => writer.write(draft(`${index}`)));
    await expect(writer.write(draft('one too many'))).rejects.toMatchObject({ kind: 'unavailable' });
    for (let batch = 0; batch < 20; batch++) (await database.next()).end();
    await Promise.all(answers);
    const later = writer.write(draft('later'));
    (await database.next()).end();
    expect(await later).toMatchObject({ kind: 'inserted' });
  });

  it('does not store what nobody waits for any more, unless it has begun', async () => {
    const { database, writer } = setUp();
    const deadlines = { begun: { hasPassed: false }, waiting: { hasPassed: false } };
    const begun = writer.write(draft('begun'), deadlines.begun);
    const first = await database.next();
    const waiting = writer.write(draft('waiting'), deadlines.waiting);
    const other = writer.write(draft('other'));
    deadlines.begun.hasPassed = true;
    deadlines.waiting.hasPassed = true;
    first.end();
    expect(await begun).toMatchObject({ kind: 'inserted' });
    const second = await database.next();
    expect(second.contents).toEqual(['other']);
    second.end();
    await other;
    await expect(waiting).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(writer.write(draft('late'), { hasPassed: true })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('asks nothing of the database when nobody waits for any of a batch', async () => {
    const { database, writer } = setUp();
    const deadline = { hasPassed: false };
    const late = writer.write(draft('late'), deadline);
    deadline.hasPassed = true;
    await expect(late).rejects.toMatchObject({ kind: 'unavailable' });
    const later = writer.write(draft('later'));
    const batch = await database.next();
    expect(batch.contents).toEqual(['later']);
    batch.end();
    await later;
  });
});
