import request from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { Person } from '../../src/testing/person.js';
import { Rest } from '../../src/testing/rest.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

let server: TestServer;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  server = await startServer();
  ada = await Person.register(server, { username: 'ada' });
  bob = await Person.register(server, { username: 'bob' });
});
afterAll(() => server.close());

const ascending = (one: number, other: number) => one - other;
const byEmail = ({ email }: Person) => new Rest(server.url, { 'user-email': email });

describe('POST /channels', () => {
  it('creates a channel in which its creator takes part', async () => {
    const { body } = await ada.rest.post('/channels', { slug: 'General.2', title: ' Everyone ' }).expect(201);
    expect(body).toMatchObject({ kind: 'channel', slug: 'General.2', title: 'Everyone', created_by: ada.id });
    expect(body.participants).toMatchObject([{ id: ada.id, username: 'ada' }]);
    expect(body.participant_count).toBe(1);
    for (const name of ['General.2', body.id, body.number]) {
      expect((await ada.rest.get(`/conversations/${name}`).expect(200)).body).toEqual(body);
    }
  });

  it('gives a slug to one of those who ask for it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => ada.rest.post('/channels', { slug: 'wanted' })));
    expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([201, ...Array(9).fill(409)]);
    const { body } = await bob.rest.post('/channels', { slug: 'wanted' }).expect(409);
    expect(body).toEqual({ statusCode: 409, error: 'Conflict', message: 'The slug is taken' });
  });

  it.each([
    undefined,
    null,
    7,
    '',
    '42',
    '-a',
    '.a',
    'a b',
    'a/b',
    'ä',
    'a\n',
    'a\0',
    'x'.repeat(65),
    newId(),
    newId().toUpperCase(),
  ])('refuses the slug %j', async (slug) => {
    await ada.rest.post('/channels', { slug }).expect(400);
  });

  it.each(['a', '1a', 'A_b-c.9', 'x'.repeat(64)])('takes the slug %s', async (slug) => {
    await ada.rest.post('/channels', { slug }).expect(201);
  });
});

describe('GET /channels', () => {
  it('shows all channels to everyone, page by page, and nothing else', async () => {
    await ada.rest.converse(bob);
    for (const slug of ['page-1', 'page-2', 'page-3']) await ada.rest.post('/channels', { slug }).expect(201);
    const slugs: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await bob.rest.get(`/channels?limit=2${cursor && `&cursor=${cursor}`}`).expect(200);
      expect(body.data.length).toBeLessThanOrEqual(2);
      slugs.push(...body.data.map(({ slug }: { slug: string }) => slug));
      cursor = body.next_cursor as string | null;
    }
    expect(slugs).toEqual(expect.arrayContaining(['page-1', 'page-2', 'page-3']));
    expect(new Set(slugs).size).toBe(slugs.length);
    expect((await bob.rest.get('/channels').expect(200)).body.data.map(({ slug }: { slug: string }) => slug)).toEqual(
      slugs,
    );
  });

  it.each(['limit=0', 'limit=101', 'cursor=x', `cursor=${Buffer.from('["a\\u0000"]').toString('base64url')}`])(
    'refuses %s',
    async (query) => {
      await ada.rest.get(`/channels?${query}`).expect(400);
    },
  );
});

describe('a channel', () => {
  it('is read by everyone, and counts nothing as unread for who takes no part', async () => {
    const { body: channel } = await ada.rest.post('/channels', { slug: 'open' }).expect(201);
    const said = await ada.rest.say('open', 'hello');
    const { body } = await bob.rest.get('/conversations/open').expect(200);
    expect(body).toMatchObject({ id: channel.id, last_message: said, unread_count: 0, participant_count: 1 });
    expect((await bob.rest.get('/channels/open/messages').expect(200)).body.data).toEqual([said]);
    await bob.rest.post('/conversations/open/read').expect(404);
    expect((await bob.rest.get('/conversations').expect(200)).body.data).not.toContainEqual(
      expect.objectContaining({ slug: 'open' }),
    );
  });

  it('is joined by oneself, by being added by its creator, and left', async () => {
    await ada.rest.post('/channels', { slug: 'joinable' }).expect(201);
    const carol = await Person.register(server);
    await bob.rest.post('/conversations/joinable/participants', { user_ids: [carol.id] }).expect(403);
    const { body } = await bob.rest.post('/conversations/joinable/participants', { user_ids: [bob.id] }).expect(200);
    expect(body.participant_count).toBe(2);
    await ada.rest.post('/conversations/joinable/participants', { user_ids: [carol.id] }).expect(200);
    await bob.rest.delete(`/conversations/joinable/participants/${bob.id}`).expect(204);
    expect((await ada.rest.get('/conversations/joinable').expect(200)).body.participant_count).toBe(2);
  });

  it('shows the first hundred of its participants and counts them all', async () => {
    const { body: channel } = await ada.rest.post('/channels', { slug: 'crowded' }).expect(201);
    await server.app.get(DataSource).query(
      `WITH crowd AS (
         INSERT INTO users (id, email, username, full_name, role, password_hash)
         SELECT gen_random_uuid(), n || '@example.com', 'one', 'One', 'member', '' FROM generate_series(1, 120) AS n
         RETURNING id
       )
       INSERT INTO participants (conversation_id, user_id) SELECT $1, id FROM crowd`,
      [channel.id],
    );
    const { body } = await bob.rest.get('/conversations/crowded').expect(200);
    expect(body.participant_count).toBe(121);
    expect(body.participants).toHaveLength(100);
    expect(body.participants[0].id).toBe(ada.id);
  });
});

describe('User-Email', () => {
  it('names the user at the routes of channels and messages alone', async () => {
    const rest = byEmail(ada);
    await rest.post('/channels', { slug: 'by-email' }).expect(201);
    await rest.get('/channels').expect(200);
    await rest.get('/channels/by-email/messages').expect(200);
    const { body } = await rest.post('/messages', { channel_id: 'by-email', content: 'hello' }).expect(201);
    expect(body.sender.id).toBe(ada.id);
    await rest.put(`/messages/${body.id}`, { content: 'hello all' }).expect(200);
    await rest.patch(`/messages/${body.id}`, { content: 'hello there' }).expect(200);
    await rest.delete(`/messages/${body.id}`).expect(204);
    await rest.get('/conversations').expect(401);
    await rest.get('/conversations/by-email/messages').expect(401);
    await rest.post('/conversations/by-email/messages', { content: 'hello' }).expect(401);
  });

  it('is not needed by who has a token, and nobody comes without either', async () => {
    await ada.rest.get('/channels').expect(200);
    for (const path of ['/channels', '/channels/open/messages', '/conversations', '/conversations/open']) {
      await request(server.url).get(`/api/v1${path}`).expect(401);
    }
    await request(server.url).post('/api/v1/messages').send({ channel_id: 'x', content: 'x' }).expect(401);
  });
});
