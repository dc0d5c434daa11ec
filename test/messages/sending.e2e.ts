import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '../../src/common/ids.js';
import type { Principal } from '../../src/common/principal.js';
import { PreparedStatements } from '../../src/database/prepared.js';
import { INSERT_MESSAGES } from '../../src/messages/insert-messages.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import { Bus } from '../../src/realtime/bus/bus.js';
import type { DomainEvent } from '../../src/realtime/events.js';
import { conversationTopic, userTopic } from '../../src/realtime/topics.js';
import { Person } from '../../src/testing/person.js';
import { eventsOn } from '../support/events.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

let server: TestServer;
let ada: Person;
let bob: Person;
let eve: Person;
let group: string;
/** A user of whom the services know by a connection opened before. */
let principal: Principal;

beforeAll(async () => {
  server = await startServer();
  ada = await Person.register(server, { username: 'ada', full_name: 'Ada Lovelace' });
  bob = await Person.register(server);
  eve = await Person.register(server);
  const carol = await Person.register(server);
  principal = {
    id: carol.id,
    number: (await carol.rest.get('/auth/me').expect(200)).body.number,
    username: carol.username,
    fullName: carol.fullName,
    profileImageUrl: null,
    email: carol.email,
    role: 'member',
    loginId: null,
    expiresAt: null,
  };
  group = await ada.rest.converse(bob, await Person.register(server));
});
afterAll(() => server.close());

const ascending = (one: number, other: number) => one - other;
const newGroup = () => ada.rest.converse(bob, eve);

/** Has the answer to the next batch wait, once it is committed. @returns what lets it come */
function nextStored(): Promise<() => void> {
  const statements = server.app.get(PreparedStatements);
  const original = statements.execute.bind(statements);
  return new Promise((resolve) => {
    const execute = vi.spyOn(statements, 'execute').mockImplementation(async (...query) => {
      const rows = await original(...query);
      if (query[0] !== INSERT_MESSAGES) return rows;
      execute.mockRestore();
      await new Promise<void>((answer) => resolve(answer));
      return rows;
    });
  });
}

async function messagesOf(conversation: string): Promise<{ id: string; seq: number; content: string }[]> {
  const all = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path = `/conversations/${conversation}/messages?after=0&limit=100${cursor && `&cursor=${cursor}`}`;
    const { body } = await ada.rest.get(path).expect(200);
    all.push(...body.data);
    cursor = body.next_cursor as string | null;
  }
  return all;
}

describe('what messages refer to', () => {
  it('cannot be deleted, whoever tries', async () => {
    const [sender, receiver] = [await Person.register(server), await Person.register(server)];
    const id = await sender.rest.converse(receiver);
    await sender.rest.post(`/conversations/${id}/messages`, { content: 'kept' }).expect(201);
    const database = server.app.get(DataSource);
    const refused = { code: '23503' };
    await expect(database.query(`DELETE FROM conversations WHERE id = $1`, [id])).rejects.toMatchObject(refused);
    await database.query(`DELETE FROM participants WHERE conversation_id = $1`, [id]);
    await expect(database.query(`DELETE FROM conversations WHERE id = $1`, [id])).rejects.toMatchObject({
      ...refused,
      message: `conversation ${id} has messages`,
    });
    for (const { id: user } of [sender, receiver]) {
      await database.query(`DELETE FROM logins WHERE user_id = $1`, [user]);
      await database.query(`DELETE FROM notifications WHERE user_id = $1`, [user]);
      await expect(database.query(`DELETE FROM users WHERE id = $1`, [user])).rejects.toMatchObject({
        ...refused,
        message: `user ${user} has messages`,
      });
    }
  });
});

describe('POST /conversations/:id/messages', () => {
  it('answers with the message', async () => {
    const id = await newGroup();
    const { body: me } = await ada.rest.get('/auth/me').expect(200);
    const message = { content: '  hello\nthere ', message_type: 'image', client_message_id: 'a-1' };
    const { body } = await ada.rest.post(`/conversations/${id}/messages`, message).expect(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      number: expect.any(Number),
      conversation_id: id,
      seq: 1,
      sender: { id: ada.id, number: me.number, username: 'ada', full_name: 'Ada Lovelace', profile_image_url: null },
      content: 'hello\nthere',
      message_type: 'image',
      client_message_id: 'a-1',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      edited_at: null,
      deleted_at: null,
      is_edited: false,
      is_deleted: false,
    });
    const { body: list } = await bob.rest.get(`/conversations/${id}/messages`).expect(200);
    expect(list).toEqual({ data: [body], next_cursor: null });
  });

  it('has the type text and no client message id unless they are given', async () => {
    const nulls = { message_type: null, client_message_id: null };
    for (const given of [{}, nulls]) {
      const { body } = await ada.rest.post(`/conversations/${group}/messages`, { content: 'x', ...given }).expect(201);
      expect(body).toMatchObject({ message_type: 'text', client_message_id: null });
    }
  });

  it('numbers what is sent at once without gaps, each message once', async () => {
    const id = await newGroup();
    const senders = [ada, bob, eve];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        senders[index % 3]!.rest.post(`/conversations/${id}/messages`, { content: `message ${index}` }),
      ),
    );
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    const stored = await messagesOf(id);
    expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(answers.map(({ body }) => body).toSorted((one, other) => one.seq - other.seq)).toEqual(stored);
    expect(new Set(stored.map(({ content }) => content)).size).toBe(200);
  });

  it('tells the conversation of each message once, in order, before its sender has the answer', async () => {
    const id = await newGroup();
    const events = await eventsOn(server, conversationTopic(id));
    const first = await ada.rest.say(id, 'one');
    expect(events).toHaveLength(1);
    await Promise.all(
      Array.from({ length: 20 }, () => bob.rest.post(`/conversations/${id}/messages`, { content: 'x' })),
    );
    const offsets = events.map((event) => (event.type === 'message.created' ? event.offset : undefined));
    expect(offsets).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    const [event] = events;
    if (event?.type !== 'message.created') throw new Error('no message.created');
    expect(event.conversation).toEqual({ id, number: expect.any(Number), kind: 'group', slug: null });
    expect(event.origin).toBeNull();
    expect(event.message).toMatchObject({ id: first.id, number: first.number, createdAt: first.created_at });
    expect(Object.keys(event.message.sender).toSorted()).toEqual([
      'email',
      'fullName',
      'id',
      'number',
      'profileImageUrl',
      'username',
    ]);
  });

  it('takes a message that is sent again for the first one, and tells nobody', async () => {
    const id = await newGroup();
    const message = { content: 'once', client_message_id: 'again' };
    const { body } = await ada.rest.post(`/conversations/${id}/messages`, message).expect(201);
    const events = await eventsOn(server, conversationTopic(id));
    await ada.rest.post(`/conversations/${id}/messages`, message).expect(200, body);
    await ada.rest.post(`/conversations/${id}/messages`, { ...message, content: 'twice' }).expect(200, body);
    await ada.rest.post(`/conversations/${group}/messages`, message).expect(200, body);
    await ada.rest.post('/messages', { channel_id: id, ...message }).expect(200, body);
    expect(events).toEqual([]);
    const other = await bob.rest.post(`/conversations/${id}/messages`, message).expect(201);
    expect(other.body.seq).toBe(2);
  });

  it('stores a message once that is sent ten times at once', async () => {
    const id = await newGroup();
    const message = { content: 'once', client_message_id: 'at-once' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ada.rest.post(`/conversations/${id}/messages`, message)),
    );
    expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([...Array(9).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await messagesOf(id)).toHaveLength(1);
    expect((await ada.rest.say(id, 'next')).seq).toBe(2);
  });

  it('answers a message that is sent again as it stands now, to who may still see it', async () => {
    const id = await ada.rest.converse(bob, eve);
    const message = { content: 'first', client_message_id: 'changed' };
    const { body } = await eve.rest.post(`/conversations/${id}/messages`, message).expect(201);
    await eve.rest.patch(`/messages/${body.id}`, { content: 'second' }).expect(200);
    const again = await eve.rest.post(`/conversations/${id}/messages`, message).expect(200);
    expect(again.body).toMatchObject({ id: body.id, content: 'second', is_edited: true });
    await ada.rest.delete(`/conversations/${id}/participants/${eve.id}`).expect(204);
    await eve.rest.post(`/conversations/${id}/messages`, message).expect(404);
  });

  it('shows it to no sender that does not hear itself, also when the database is asked before its answer is there', async () => {
    const id = await newGroup();
    const [adas, bobs] = await Promise.all([ada.flat('ext=ack'), bob.flat('ext=resume')]);
    const stored = nextStored();
    adas.send({ conversation_id: id, content: 'mine', client_message_id: 'early' });
    const answer = await stored;
    bobs.send({ event: 'resume', conversation_id: id, since: 0 }); // which reads the database, and shows all what it has
    while ((await bobs.next()).content !== 'mine');
    answer();
    expect(await adas.next()).toMatchObject({ event: 'ack', client_message_id: 'early' });
  });

  it('tells the conversation also of what was stored too late for its sender', async () => {
    const id = await newGroup();
    const events = await eventsOn(server, conversationTopic(id));
    const stored = nextStored();
    const request = ada.rest.post(`/conversations/${id}/messages`, { content: 'late' });
    const [answer] = await Promise.all([stored, request.expect(503)]);
    expect(events).toEqual([]);
    answer();
    await vi.waitFor(() => expect(events).toMatchObject([{ type: 'message.created', message: { content: 'late' } }]));
  });

  it('answers an outsider as if there were nothing', async () => {
    const outsider = await Person.register(server);
    const answer = { statusCode: 404, error: 'Not Found', message: 'Conversation not found' };
    for (const name of [group, newId(), '-no-slug', '2147483647', '99999999999', '%00', 'a%20b']) {
      await outsider.rest.post(`/conversations/${name}/messages`, { content: 'x' }).expect(404, answer);
    }
  });

  it.each([
    ['4,000 characters', 'x'.repeat(4000)],
    ['4,000 emoji', '😀'.repeat(4000)],
    ['white space around 4,000 characters', `  ${'x'.repeat(4000)}\n`],
    ['one character', '.'],
  ])('takes %s', async (_, content) => {
    const { body } = await ada.rest.post(`/conversations/${group}/messages`, { content }).expect(201);
    expect(body.content).toBe(content.trim());
  });

  it.each([
    ['no content', {}],
    ['blank content', { content: ' \n\t ' }],
    ['4,001 characters', { content: 'x'.repeat(4001) }],
    ['4,001 emoji', { content: '😀'.repeat(4001) }],
    ['NUL', { content: 'a\0b' }],
    ['half a character', { content: 'a\ud800' }],
    ['the other half', { content: '\udc00b' }],
    ['content that is null', { content: null }],
    ['content that is a number', { content: 7 }],
    ['content that is a list', { content: ['x'] }],
    ['content that is an object', { content: { toString: 'x' } }],
    ['an empty type', { content: 'x', message_type: '' }],
    ['a type with a space', { content: 'x', message_type: 'a b' }],
    ['a type too long', { content: 'x', message_type: 'x'.repeat(33) }],
    ['a type that is a number', { content: 'x', message_type: 7 }],
    ['an empty client message id', { content: 'x', client_message_id: '' }],
    ['a client message id too long', { content: 'x', client_message_id: 'x'.repeat(65) }],
    ['a client message id with NUL', { content: 'x', client_message_id: '\0' }],
    ['a client message id with half a character', { content: 'x', client_message_id: '\ud800' }],
    ['a client message id that is a number', { content: 'x', client_message_id: 7 }],
  ])('refuses %s', async (_, message) => {
    const { body } = await ada.rest.post(`/conversations/${group}/messages`, message).expect(400);
    expect(body).toMatchObject({ statusCode: 400, error: 'Bad Request' });
  });
});

describe('POST /messages', () => {
  it('creates the channel that it names, and its sender takes part', async () => {
    const { body } = await ada.rest.post('/messages', { channel_id: 'fresh', content: 'first' }).expect(201);
    expect(body.seq).toBe(1);
    const { body: channel } = await ada.rest.get('/conversations/fresh').expect(200);
    expect(channel).toMatchObject({
      id: body.conversation_id,
      kind: 'channel',
      created_by: ada.id,
      last_message: body,
    });
    expect(channel.participants).toMatchObject([{ id: ada.id }]);
  });

  it('creates a channel once, however many post to it at once', async () => {
    const people = [ada, bob, eve];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        people[index % 3]!.rest.post('/messages', { channel_id: 'rush', content: `${index}` }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(201));
    expect(answers.map(({ body }) => body.seq).toSorted(ascending)).toEqual(
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
    const { body } = await ada.rest.get('/conversations/rush').expect(200);
    expect(body.participant_count).toBe(3);
  });

  it('makes who posts a participant, who is told so once and before the message', async () => {
    const { body: channel } = await ada.rest.post('/channels', { slug: 'drop-in' }).expect(201);
    await ada.rest.say('drop-in', 'one');
    const told: DomainEvent[] = [];
    const listen = (event: DomainEvent) => told.push(event);
    await server.app.get(Bus).subscribe(userTopic(bob.id), listen);
    await server.app.get(Bus).subscribe(conversationTopic(channel.id), listen);
    const post = () => bob.rest.post('/messages', { channel_id: 'drop-in', content: 'hello' }).expect(201);
    await Promise.all([post(), post(), post()]);
    expect(told.map(({ type }) => type)).toEqual([
      'participant.added',
      'message.created',
      'message.created',
      'message.created',
    ]);
    expect(told[0]).toMatchObject({ userId: bob.id, offset: 1, conversation: { id: channel.id, slug: 'drop-in' } });
  });

  it('takes a channel’s uuid and number, and a conversation of any kind', async () => {
    const { body: channel } = await ada.rest.post('/channels', { slug: 'named' }).expect(201);
    for (const channel_id of ['named', channel.id, channel.number, String(channel.number)]) {
      const { body } = await ada.rest.post('/messages', { channel_id, content: 'x' }).expect(201);
      expect(body.conversation_id).toBe(channel.id);
    }
    await ada.rest.post('/messages', { channel_id: group, content: 'x' }).expect(201);
    await (await Person.register(server)).rest.post('/messages', { channel_id: group, content: 'x' }).expect(404);
  });

  it.each([newId(), '2147483647', 'a b', 'ä'])('finds no channel named %s, and creates none', async (channel_id) => {
    await ada.rest.post('/messages', { channel_id, content: 'x' }).expect(404);
  });

  it.each([
    { content: 'x' },
    { channel_id: null, content: 'x' },
    { channel_id: '', content: 'x' },
    { channel_id: 'x'.repeat(65), content: 'x' },
    { channel_id: 1.5, content: 'x' },
    { channel_id: ['a'], content: 'x' },
    { channel_id: 'fresh' },
    { channel_id: 'fresh', content: ' ' },
  ])('refuses %j', async (message) => {
    await ada.rest.post('/messages', message).expect(400);
  });

  it('creates a channel by posting to it, by whatever route', async () => {
    const { body } = await ada.rest.post('/conversations/by-posting/messages', { content: 'first' }).expect(201);
    const channel = await ada.rest.get('/conversations/by-posting').expect(200);
    expect(channel.body).toMatchObject({ id: body.conversation_id, kind: 'channel', slug: 'by-posting' });
  });

  it('does not create a channel for what is refused', async () => {
    await ada.rest.post('/messages', { channel_id: 'never', content: ' ' }).expect(400);
    await ada.rest.get('/conversations/never').expect(404);
    await ada.rest.get('/channels/never/messages').expect(404);
  });
});

describe('MessagesService.send', () => {
  it('keeps the order in which a user sends, however the conversation is named and found', async () => {
    const messages = server.app.get(MessagesService);
    const { body: channel } = await ada.rest.post('/channels', { slug: 'ordered' }).expect(201);
    const { id, number, kind, slug } = channel;
    const names = ['brand-new', id, number, slug, id.toUpperCase(), { id, number, kind, slug }];
    const sent = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        messages.send(principal, {
          conversation: names[index % names.length],
          content: `${index}`,
        }),
      ),
    );
    for (const conversationId of new Set(sent.map(({ conversation }) => conversation.id))) {
      const seqs = sent
        .filter(({ conversation }) => conversation.id === conversationId)
        .map(({ message }) => message.seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
  });

  it('refuses who was disabled meanwhile, also in a channel', async () => {
    const messages = server.app.get(MessagesService);
    await messages.send(principal, { conversation: 'closed', content: 'before' });
    await server.app.get(DataSource).query(`UPDATE users SET disabled_at = now() WHERE id = $1`, [principal.id]);
    const refused = messages.send(principal, { conversation: 'closed', content: 'after' });
    await expect(refused).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('CHANNEL_AUTOCREATE=false', () => {
  it('leaves it to POST /channels to create them', async () => {
    const strict = await startServer({ CHANNEL_AUTOCREATE: 'false', MAX_MESSAGE_LENGTH: '5' });
    try {
      const carol = await Person.register(strict);
      await carol.rest.post('/messages', { channel_id: 'fresh', content: 'x' }).expect(404);
      await carol.rest.post('/channels', { slug: 'fresh' }).expect(201);
      await carol.rest.post('/messages', { channel_id: 'fresh', content: '12345' }).expect(201);
      await carol.rest.post('/messages', { channel_id: 'fresh', content: '123456' }).expect(400);
    } finally {
      await strict.close();
    }
  });
});
