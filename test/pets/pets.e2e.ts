import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startServer();
  ada = await Person.register(server, { role: 'client' });
});
afterAll(() => server.close());

describe('POST /pets', () => {
  it("makes the client's pet", async () => {
    const { body } = await ada.rest.post('/pets', { name: ' Rex ', species: 'dog', breed: ' Boxer ' }).expect(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Rex',
      species: 'dog',
      breed: 'Boxer',
      owner_id: ada.id,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it.each([{}, { species: null, breed: null }])('needs no more than a name (%j)', async (more) => {
    const { body } = await ada.rest.post('/pets', { name: 'Rex', ...more }).expect(201);
    expect(body).toMatchObject({ species: null, breed: null });
  });

  it('gives a pet to nobody else', async () => {
    const other = await Person.register(server);
    const { body } = await ada.rest.post('/pets', { name: 'Rex', owner_id: other.id }).expect(201);
    expect(body.owner_id).toBe(ada.id);
  });

  it.each([
    {},
    { name: '' },
    { name: ' ' },
    { name: null },
    { name: 7 },
    { name: 'x'.repeat(101) },
    { name: 'a\0b' },
    { name: 'Rex', species: '' },
    { name: 'Rex', species: 'x'.repeat(101) },
    { name: 'Rex', breed: ['Boxer'] },
    { name: 'Rex', breed: '\ud83d' },
  ])('refuses %j', async (pet) => {
    const { body } = await ada.rest.post('/pets', pet).expect(400);
    expect(body).toMatchObject({ statusCode: 400, error: 'Bad Request', message: [expect.any(String)] });
  });
});

describe('GET /pets', () => {
  it("shows the client's own, the newest first, page by page", async () => {
    const bob = await Person.register(server, { role: 'client' });
    const names = ['one', 'two', 'three', 'four', 'five'];
    for (const name of names) await bob.rest.post('/pets', { name }).expect(201);
    const pages: string[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await bob.rest.get(`/pets?limit=2${cursor && `&cursor=${cursor}`}`).expect(200);
      pages.push(body.data.map(({ name }: { name: string }) => name));
      cursor = body.next_cursor as string | null;
    }
    expect(pages).toEqual([['five', 'four'], ['three', 'two'], ['one']]);
  });

  it('shows nothing to who has none', async () => {
    const carol = await Person.register(server, { role: 'client' });
    const { body } = await carol.rest.get('/pets').expect(200);
    expect(body).toEqual({ data: [], next_cursor: null });
  });

  it.each(['limit=0', 'limit=101', 'cursor=x', `cursor=${Buffer.from('["x"]').toString('base64url')}`])(
    'refuses %s',
    async (query) => {
      await ada.rest.get(`/pets?${query}`).expect(400);
    },
  );
});

describe('pets', () => {
  it.each(['member', 'provider', 'host'])('are not for the role %s', async (role) => {
    const { rest } = await Person.register(server, { role });
    await rest.post('/pets', { name: 'Rex' }).expect(403);
    await rest.get('/pets').expect(403);
  });

  it('are not for who has no credentials', async () => {
    await request(server.url).post('/api/v1/pets').send({ name: 'Rex' }).expect(401);
    await request(server.url).get('/api/v1/pets').expect(401);
  });
});
