import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import type { DomainEvent } from '../../src/realtime/events.js';
import { conversationTopic, userTopic } from '../../src/realtime/topics.js';
import { Person } from '../../src/testing/person.js';
import { eventsOn } from '../support/events.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

const KEYS = [
  'created_at',
  'created_by',
  'id',
  'kind',
  'last_message',
  'last_seq',
  'number',
  'participant_count',
  'participants',
  'slug',
  'title',
  'unread_count',
];
const PARTICIPANT_KEYS = ['full_name', 'id', 'joined_at', 'last_read_seq', 'number', 'profile_image_url', 'username'];
const NOT_FOUND = { statusCode: 404, error: 'Not Found', message: 'Conversation not found' };

let server: TestServer;
let ada: Person;
let bob: Person;
let eve: Person;

beforeAll(async () => {
  server = await startServer();
  ada = await Person.register(server, { username: 'ada', full_name: 'Ada Lovelace' });
  bob = await Person.register(server, { username: 'bob' });
  eve = await Person.register(server, { username: 'eve' });
});
afterAll(() => server.close());

const ascending = (one: number, other: number) => one - other;
const newcomer = () => Person.register(server);
const numberOf = async ({ rest }: Person): Promise<number> => (await rest.get('/auth/me').expect(200)).body.number;

async function admin(): Promise<Person> {
  const person = await newcomer();
  await server.app.get(DataSource).query(`UPDATE users SET role = 'admin' WHERE id = $1`, [person.id]);
  return person;
}

describe('POST /conversations', () => {
  it('starts a direct conversation, and answers with it the next time', async () => {
    const [carol, dan] = [await newcomer(), await newcomer()];
    const { body } = await carol.rest.post('/conversations', { kind: 'direct', participant_ids: [dan.id] }).expect(201);
    expect(Object.keys(body).toSorted()).toEqual(KEYS);
    expect(Object.keys(body.participants[0]).toSorted()).toEqual(PARTICIPANT_KEYS);
    expect(body).toMatchObject({
      kind: 'direct',
      slug: null,
      title: null,
      created_by: carol.id,
      last_seq: 0,
      last_message: null,
      unread_count: 0,
      participant_count: 2,
    });
    expect(body.participants.map((participant: { id: string }) => participant.id).toSorted()).toEqual(
      [carol.id, dan.id].toSorted(),
    );
    await carol.rest.post('/conversations', { kind: 'direct', participant_ids: [dan.id] }).expect(200, body);
    await dan.rest.post('/conversations', { kind: 'direct', participant_ids: [dan.id, carol.id] }).expect(200, body);
  });

  it('starts one direct conversation, however many ask for it at once', async () => {
    const [carol, dan] = [await newcomer(), await newcomer()];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const [asker, other] = index % 2 === 0 ? [carol, dan] : [dan, carol];
        return asker.rest.post('/conversations', { kind: 'direct', participant_ids: [other.id] });
      }),
    );
    expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([...Array(19).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('starts a group, in which its creator takes part', async () => {
    const participant_ids = [bob.id, await numberOf(eve), bob.id];
    const { body } = await ada.rest
      .post('/conversations', { kind: 'group', participant_ids, title: '  The engine ' })
      .expect(201);
    expect(body).toMatchObject({ kind: 'group', title: 'The engine', created_by: ada.id, participant_count: 3 });
    expect(body.participants.map((participant: { username: string }) => participant.username).toSorted()).toEqual([
      'ada',
      'bob',
      'eve',
    ]);
    const again = await ada.rest.post('/conversations', { kind: 'group', participant_ids }).expect(201);
    expect(again.body.id).not.toBe(body.id);
  });

  it('tells each participant once', async () => {
    const [carol, dan] = [await newcomer(), await newcomer()];
    const toCarol = await eventsOn(server, userTopic(carol.id));
    const toDan = await eventsOn(server, userTopic(dan.id));
    const start = () => carol.rest.post('/conversations', { kind: 'direct', participant_ids: [dan.id] });
    const { id, number } = (await start()).body;
    await start().expect(200);
    const added = { type: 'participant.added', conversation: { id, number, kind: 'direct', slug: null }, offset: 0 };
    expect(toCarol).toEqual([{ ...added, userId: carol.id }]);
    expect(toDan).toEqual([{ ...added, userId: dan.id }]);
  });

  it.each([
    ['no kind', { participant_ids: ['bob'] }],
    ['a kind that is not for this route', { kind: 'channel', participant_ids: ['bob'] }],
    ['no participants', { kind: 'group' }],
    ['an empty list', { kind: 'group', participant_ids: [] }],
    ['a list of 101', { kind: 'group', participant_ids: Array(101).fill(newId()) }],
    ['participants that are no list', { kind: 'group', participant_ids: { length: 1 } }],
    ['a malformed id', { kind: 'group', participant_ids: ['x'] }],
    ['an id that is no text', { kind: 'group', participant_ids: [{}] }],
    ['a number out of range', { kind: 'group', participant_ids: [2 ** 31] }],
    ['an unknown uuid', { kind: 'group', participant_ids: [newId()] }],
    ['an unknown number', { kind: 'group', participant_ids: ['bob', 2_000_000_000] }],
    ['a direct one with oneself', { kind: 'direct', participant_ids: ['ada'] }],
    ['a direct one with two', { kind: 'direct', participant_ids: ['bob', 'eve'] }],
    ['a title too long', { kind: 'group', participant_ids: ['bob'], title: 'x'.repeat(201) }],
    ['a blank title', { kind: 'group', participant_ids: ['bob'], title: ' ' }],
    ['a title with NUL', { kind: 'group', participant_ids: ['bob'], title: 'a\0b' }],
    ['a title with half a character', { kind: 'group', participant_ids: ['bob'], title: '\ud800' }],
    ['a title that is no text', { kind: 'group', participant_ids: ['bob'], title: 7 }],
  ] as [string, { participant_ids?: unknown }][])('refuses %s', async (_, request) => {
    const ids: Record<string, string> = { ada: ada.id, bob: bob.id, eve: eve.id };
    const { participant_ids: given } = request;
    const participant_ids = Array.isArray(given) ? given.map((id) => ids[id as string] ?? (id as unknown)) : given;
    const { body } = await ada.rest.post('/conversations', { ...request, participant_ids }).expect(400);
    expect(body).toMatchObject({ statusCode: 400, error: 'Bad Request' });
  });

  it('does not say which of the users does not exist', async () => {
    const unknown = newId();
    const { body } = await ada.rest
      .post('/conversations', { kind: 'group', participant_ids: [bob.id, unknown] })
      .expect(400);
    expect(body.message).toBe('participant_ids names a user who does not exist');
  });
});

describe('GET /conversations/:id', () => {
  it('finds it by its uuid, in any case, and by its number', async () => {
    const id = await ada.rest.converse(bob);
    const { body } = await ada.rest.get(`/conversations/${id}`).expect(200);
    await ada.rest.get(`/conversations/${id.toUpperCase()}`).expect(200, body);
    await ada.rest.get(`/conversations/${body.number}`).expect(200, body);
  });

  it('shows the last message and how many of the others are unread', async () => {
    const id = await ada.rest.converse(await newcomer(), bob);
    await ada.rest.say(id, 'one');
    await bob.rest.say(id, 'two');
    const last = await ada.rest.say(id, 'three');
    const { body } = await bob.rest.get(`/conversations/${id}`).expect(200);
    expect(body).toMatchObject({ last_seq: 3, last_message: last, unread_count: 2 });
    await ada.rest.delete(`/messages/${last.id}`).expect(204);
    const after = await bob.rest.get(`/conversations/${id}`).expect(200);
    expect(after.body).toMatchObject({ last_seq: 3, unread_count: 1 });
    expect(after.body.last_message).toMatchObject({ id: last.id, content: '', is_deleted: true });
  });

  it.each(['0', '-1', '2147483647', '99999999999', '1.5', '%00', 'no-such', 'a%20b', '%F0%9F%98%80', newId()])(
    'answers alike for %s and for what is not the asker’s to see',
    async (name) => {
      await eve.rest.get(`/conversations/${name}`).expect(404, NOT_FOUND);
      const foreign = await ada.rest.converse(bob);
      await eve.rest.get(`/conversations/${foreign}`).expect(404, NOT_FOUND);
    },
  );
});

describe('GET /conversations', () => {
  it('shows those of the user, the last active first, page by page', async () => {
    const carol = await newcomer();
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) ids.push(await carol.rest.converse(ada, bob));
    await carol.rest.say(ids[1]!, 'the newest');
    const expected = [ids[1], ids[4], ids[3], ids[2], ids[0]];

    const whole = await carol.rest.get('/conversations').expect(200);
    expect(whole.body.data.map(({ id }: { id: string }) => id)).toEqual(expected);
    expect(whole.body.next_cursor).toBeNull();
    expect(Object.keys(whole.body.data[0]).toSorted()).toEqual(KEYS);
    expect(whole.body.data[0].last_message.content).toBe('the newest');
    const single = await carol.rest.get(`/conversations/${ids[1]}`).expect(200);
    expect(whole.body.data[0]).toEqual(single.body);

    const pages: string[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await carol.rest.get(`/conversations?limit=2${cursor && `&cursor=${cursor}`}`).expect(200);
      pages.push(body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor as string | null;
    }
    expect(pages).toEqual([expected.slice(0, 2), expected.slice(2, 4), expected.slice(4)]);
  });

  it('shows nothing to who takes part in nothing', async () => {
    await (await newcomer()).rest.get('/conversations').expect(200, { data: [], next_cursor: null });
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=abc',
    'limit=',
    'limit=1&limit=2',
    'cursor=x',
    'cursor=WzEsMl0',
    'cursor=%00',
  ])('refuses %s', async (query) => {
    await ada.rest.get(`/conversations?${query}`).expect(400);
  });
});

describe('POST /conversations/:id/participants', () => {
  it('adds whom its creator names, and tells those who were added', async () => {
    const [carol, dan] = [await newcomer(), await newcomer()];
    const id = await ada.rest.converse(bob, carol);
    await ada.rest.say(id, 'before');
    const toCarol = await eventsOn(server, userTopic(carol.id));
    const toDan = await eventsOn(server, userTopic(dan.id));
    const { body } = await ada.rest
      .post(`/conversations/${id}/participants`, { user_ids: [carol.id, await numberOf(dan)] })
      .expect(200);
    expect(Object.keys(body).toSorted()).toEqual(KEYS);
    expect(body.participant_count).toBe(4);
    expect(body.participants.at(-1).id).toBe(dan.id);
    const isAddition = ({ type }: DomainEvent): boolean => type === 'participant.added';
    expect(toCarol.filter(isAddition)).toEqual([]);
    expect(toDan.filter(isAddition)).toMatchObject([
      { type: 'participant.added', userId: dan.id, offset: 1, conversation: { id } },
    ]);
    await dan.rest.get(`/conversations/${id}`).expect(200);
  });

  it('tells someone who is added by many at once of it once', async () => {
    const carol = await newcomer();
    const id = await ada.rest.converse(bob, eve);
    const toCarol = await eventsOn(server, userTopic(carol.id));
    const add = () => ada.rest.post(`/conversations/${id}/participants`, { user_ids: [carol.id] });
    const answers = await Promise.all([add(), add(), add(), add(), add()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(toCarol).toHaveLength(1);
  });

  it('is for its creator and admins', async () => {
    const id = await ada.rest.converse(bob, await newcomer());
    const request = { user_ids: [eve.id] };
    const { body } = await bob.rest.post(`/conversations/${id}/participants`, request).expect(403);
    expect(body.message).toBe('Only its creator may add participants');
    await eve.rest.post(`/conversations/${id}/participants`, request).expect(404, NOT_FOUND);
    await (await admin()).rest.post(`/conversations/${id}/participants`, request).expect(200);
  });

  it('leaves a direct conversation to its two', async () => {
    const id = await ada.rest.converse(bob);
    await ada.rest.post(`/conversations/${id}/participants`, { user_ids: [eve.id] }).expect(409);
    await ada.rest.delete(`/conversations/${id}/participants/${bob.id}`).expect(409);
    await ada.rest.delete(`/conversations/${id}/participants/${ada.id}`).expect(409);
  });

  it.each([[{}], [{ user_ids: [] }], [{ user_ids: ['x'] }], [{ user_ids: 'x' }], [{ user_ids: [newId()] }]])(
    'refuses %j',
    async (request) => {
      const id = await ada.rest.converse(bob, eve);
      await ada.rest.post(`/conversations/${id}/participants`, request).expect(400);
    },
  );
});

describe('DELETE /conversations/:id/participants/:userId', () => {
  it('removes whom its creator names, who then neither sees nor says anything there', async () => {
    const carol = await newcomer();
    const id = await ada.rest.converse(bob, carol);
    const { body: said } = await carol.rest.post(`/conversations/${id}/messages`, { content: 'mine' }).expect(201);
    const toCarol = await eventsOn(server, userTopic(carol.id));
    await ada.rest.delete(`/conversations/${id}/participants/${carol.id}`).expect(204);
    expect(toCarol).toMatchObject([{ type: 'participant.removed', userId: carol.id, conversation: { id } }]);
    await ada.rest.delete(`/conversations/${id}/participants/${carol.id}`).expect(404);
    expect(toCarol).toHaveLength(1);

    await carol.rest.get(`/conversations/${id}`).expect(404, NOT_FOUND);
    await carol.rest.get(`/conversations/${id}/messages`).expect(404, NOT_FOUND);
    await carol.rest.post(`/conversations/${id}/messages`, { content: 'still here' }).expect(404, NOT_FOUND);
    await carol.rest.post(`/conversations/${id}/read`).expect(404, NOT_FOUND);
    await carol.rest.patch(`/messages/${said.id}`, { content: 'changed' }).expect(404);
    await carol.rest.delete(`/messages/${said.id}`).expect(404);
    await carol.rest.get('/conversations').expect(200, { data: [], next_cursor: null });
  });

  it('lets everyone leave, by uuid or number, and removes nobody else for them', async () => {
    const carol = await newcomer();
    const id = await ada.rest.converse(bob, carol);
    await carol.rest.delete(`/conversations/${id}/participants/${bob.id}`).expect(403);
    await carol.rest.delete(`/conversations/${id}/participants/${await numberOf(carol)}`).expect(204);
    await (await admin()).rest.delete(`/conversations/${id}/participants/${ada.id}`).expect(204);
    await ada.rest.get(`/conversations/${id}`).expect(404);
  });

  it.each([newId(), '0', 'x', '%00', '99999999999'])('does not find the participant %s', async (name) => {
    const id = await ada.rest.converse(bob, eve);
    const { body } = await ada.rest.delete(`/conversations/${id}/participants/${name}`).expect(404);
    expect(body.message).toBe('Participant not found');
  });

  it('answers an outsider as if there were nothing', async () => {
    const id = await ada.rest.converse(bob, await newcomer());
    await eve.rest.delete(`/conversations/${id}/participants/${bob.id}`).expect(404, NOT_FOUND);
  });
});

describe('POST /conversations/:id/read', () => {
  it('marks everything as read, or what is named, and never goes back', async () => {
    const id = await ada.rest.converse(bob, await newcomer());
    for (const content of ['one', 'two', 'three']) await ada.rest.say(id, content);
    const unread = async () => (await bob.rest.get(`/conversations/${id}`).expect(200)).body.unread_count;
    expect(await unread()).toBe(3);

    const { body } = await bob.rest.post(`/conversations/${id}/read`, { seq: 2 }).expect(200);
    expect(body).toEqual({ conversation_id: id, user_id: bob.id, last_read_seq: 2, read_at: expect.any(String) });
    expect(new Date(body.read_at).toISOString()).toBe(body.read_at);
    expect(await unread()).toBe(1);
    await bob.rest.post(`/conversations/${id}/read`, { seq: 1 }).expect(200, body);
    const all = await bob.rest.post(`/conversations/${id}/read`).expect(200);
    expect(all.body.last_read_seq).toBe(3);
    expect(await unread()).toBe(0);
    await bob.rest.post(`/conversations/${id}/read`, { seq: 4 }).expect(400);
  });

  it('tells the conversation when it is news', async () => {
    const id = await ada.rest.converse(bob, await newcomer());
    await ada.rest.say(id, 'one');
    const events = await eventsOn(server, conversationTopic(id));
    const reads = await Promise.all(Array.from({ length: 5 }, () => bob.rest.post(`/conversations/${id}/read`)));
    expect(new Set(reads.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(events).toMatchObject([
      {
        type: 'conversation.read',
        conversation: { id },
        userId: bob.id,
        lastReadSeq: 1,
        readAt: reads[0]!.body.read_at,
        origin: null,
      },
    ]);
  });

  it('has no time before anything was read', async () => {
    const id = await ada.rest.converse(bob, await newcomer());
    const { body } = await bob.rest.post(`/conversations/${id}/read`).expect(200);
    expect(body).toEqual({ conversation_id: id, user_id: bob.id, last_read_seq: 0, read_at: null });
  });

  it.each([-1, 1.5, '1', 2 ** 31, true])('refuses %j', async (seq) => {
    const id = await ada.rest.converse(bob);
    await ada.rest.post(`/conversations/${id}/read`, { seq }).expect(400);
  });
});
