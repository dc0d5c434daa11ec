import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { Bus } from '../../src/realtime/bus/bus.js';
import type { DomainEvent } from '../../src/realtime/events.js';
import { userTopic } from '../../src/realtime/topics.js';
import { registerAdmin } from '../../src/testing/admin.js';
import { Person } from '../../src/testing/person.js';
import type { OwnUserBody } from '../../src/users/users.presenter.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

const KEYS = ['created_at', 'full_name', 'id', 'number', 'profile_image_url', 'role', 'username'];

interface UsersPage {
  data: OwnUserBody[];
  next_cursor: string | null;
}

let server: TestServer;
let ada: Awaited<ReturnType<typeof person>>;

beforeAll(async () => {
  server = await startServer();
  ada = await person({ username: 'ada', full_name: 'Ada Lovelace' });
});
afterAll(() => server.close());

const namesOf = (body: UsersPage) => body.data.map(({ username }) => username);

/** A new user who asks for itself. */
async function person(given: object = {}) {
  const { user, token } = await Person.register(server, given);
  return {
    user,
    get: (path: string) => request(server.url).get(`/api/v1${path}`).auth(token, { type: 'bearer' }),
    patchMe: (profile: object) =>
      request(server.url).patch('/api/v1/users/me').auth(token, { type: 'bearer' }).send(profile),
  };
}

describe('PATCH /users/me', () => {
  it('changes what is given and leaves the rest, and says so', async () => {
    const bob = await person({ username: 'bob', full_name: 'Bob' });
    const events: DomainEvent[] = [];
    await server.app.get(Bus).subscribe(userTopic(bob.user.id), (event) => events.push(event));

    const { body } = await bob.patchMe({ full_name: ' Bob Ross ' }).expect(200);
    expect(body).toEqual({ ...bob.user, full_name: 'Bob Ross' });
    await bob.get('/auth/me').expect(200, body);
    const { id, number, email } = bob.user;
    expect(events).toEqual([
      {
        type: 'user.changed',
        user: { id, number, email, username: 'bob', fullName: 'Bob Ross', profileImageUrl: null },
        role: 'member',
        disabled: false,
      },
    ]);
  });

  it('sets the picture and takes it away', async () => {
    const bob = await person();
    const profile_image_url = 'https://example.com/bob.png?size=2';
    const changed = await bob.patchMe({ profile_image_url, username: 'bobby' }).expect(200);
    expect(changed.body).toMatchObject({ profile_image_url, username: 'bobby' });
    const { body } = await bob.patchMe({ profile_image_url: null }).expect(200);
    expect(body).toMatchObject({ profile_image_url: null, username: 'bobby' });
  });

  it('changes nothing when nothing is given, and nothing that is not for oneself to change', async () => {
    const bob = await person();
    await bob.patchMe({}).expect(200, bob.user);
    await bob.patchMe({ role: 'admin', email: 'other@example.com', id: newId() }).expect(200, bob.user);
  });

  it('keeps all of several changes at once', async () => {
    const bob = await person();
    await Promise.all([bob.patchMe({ username: 'b' }).expect(200), bob.patchMe({ full_name: 'B' }).expect(200)]);
    const { body } = await bob.get('/auth/me').expect(200);
    expect(body).toMatchObject({ username: 'b', full_name: 'B' });
  });

  it.each([
    { username: null },
    { username: '' },
    { username: 7 },
    { username: 'x'.repeat(65) },
    { username: 'a\0b' },
    { full_name: null },
    { full_name: 'x'.repeat(201) },
    { profile_image_url: 'javascript:alert(1)' },
    { profile_image_url: '/bob.png' },
    { profile_image_url: `https://example.com/${'x'.repeat(2048)}` },
    { profile_image_url: 'https://example.com/\ud83d' },
    { profile_image_url: '' },
  ])('refuses %j', async (profile) => {
    const { body } = await ada.patchMe(profile).expect(400);
    expect(body).toMatchObject({ statusCode: 400, error: 'Bad Request' });
  });

  it('needs credentials', async () => {
    await request(server.url).patch('/api/v1/users/me').send({ username: 'x' }).expect(401);
  });
});

describe('GET /users/:id', () => {
  it('shows a user by uuid and by number, without the e-mail address', async () => {
    const bob = await person();
    const { body } = await ada.get(`/users/${bob.user.id}`).expect(200);
    expect(Object.keys(body).toSorted()).toEqual(KEYS);
    expect({ ...body, email: bob.user.email }).toEqual(bob.user);
    await ada.get(`/users/${bob.user.number}`).expect(200, body);
    await ada.get(`/users/${bob.user.id.toUpperCase()}`).expect(200, body);
  });

  it.each([newId(), '2147483647'])('does not find %s', async (id) => {
    const { body } = await ada.get(`/users/${id}`).expect(404);
    expect(body).toEqual({ statusCode: 404, error: 'Not Found', message: 'User not found' });
  });

  it.each(['ada', '0', '-1', '2147483648', '1.5', '%00'])('refuses %s as malformed', async (id) => {
    await ada.get(`/users/${id}`).expect(400);
  });

  it('needs credentials', async () => {
    await request(server.url).get(`/api/v1/users/${ada.user.id}`).expect(401);
  });
});

describe('GET /users', () => {
  it('finds by the beginning of either name, whatever its case', async () => {
    await person({ username: 'Grace', full_name: 'Hopper, Grace' });
    const byUsername = await ada.get('/users?query=gRA').expect(200);
    expect(Object.keys(byUsername.body).toSorted()).toEqual(['data', 'next_cursor']);
    expect(Object.keys(byUsername.body.data[0]).toSorted()).toEqual(KEYS);
    expect(namesOf(byUsername.body)).toEqual(['Grace']);
    expect(namesOf((await ada.get('/users?query=hopper').expect(200)).body)).toEqual(['Grace']);
    expect(namesOf((await ada.get('/users?query=race').expect(200)).body)).toEqual([]);
  });

  it.each(['%', '_', '\\'])('takes %j for itself, not for a pattern', async (sign) => {
    const username = `${sign}sign`;
    await person({ username });
    const { body } = await ada.get(`/users?query=${encodeURIComponent(sign)}`).expect(200);
    expect(namesOf(body)).toEqual([username]);
  });

  it('goes from page to page until all were shown once', async () => {
    const names = ['page-1', 'page-2', 'page-3', 'page-4', 'page-5'];
    for (const username of names) await person({ username });
    const pages: string[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: UsersPage } = await ada
        .get(`/users?query=page-&limit=2${cursor && `&cursor=${cursor}`}`)
        .expect(200);
      pages.push(namesOf(body));
      cursor = body.next_cursor;
    }
    expect(pages).toEqual([names.slice(0, 2), names.slice(2, 4), names.slice(4)]);
  });

  it('shows everyone when nothing is asked', async () => {
    const { body } = await ada.get('/users?limit=1').expect(200);
    expect(body.data).toHaveLength(1);
    expect(body.next_cursor).toEqual(expect.any(String));
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'query=%00', `query=${'x'.repeat(201)}`, 'query=a&query=b'])(
    'refuses %s',
    async (query) => {
      await ada.get(`/users?${query}`).expect(400);
    },
  );
});

describe('PATCH /users/:id', () => {
  it('changes a user’s role, which counts at once', async () => {
    const [admin, bob] = [await registerAdmin(server), await Person.register(server)];
    await bob.rest.post('/sessions', { title: 'Open day' }).expect(403);
    const { body } = await admin.rest.patch(`/users/${bob.id}`, { role: 'host' }).expect(200);
    expect(Object.keys(body).toSorted()).toEqual([...KEYS, 'disabled_at', 'email'].toSorted());
    expect(body).toMatchObject({ id: bob.id, role: 'host', email: bob.email, disabled_at: null });
    await bob.rest.post('/sessions', { title: 'Open day' }).expect(201);
  });

  it('disables a user, who is signed out everywhere until enabled again', async () => {
    const [admin, bob] = [await registerAdmin(server), await Person.register(server)];
    const sockets = [await bob.flat(), await (await bob.login()).tribe()];
    const { body } = await admin.rest.patch(`/users/${bob.id}`, { disabled: true }).expect(200);
    expect(body.disabled_at).toEqual(expect.any(String));
    for (const socket of sockets) expect(await socket.closed).toEqual({ code: 4401, reason: 'disabled' });
    await bob.rest.get('/auth/me').expect(401);
    await expect(bob.login()).rejects.toThrow('401');
    const again = await admin.rest.patch(`/users/${bob.id}`, { disabled: true }).expect(200);
    expect(again.body.disabled_at).toBe(body.disabled_at);
    await admin.rest.patch(`/users/${bob.id}`, { disabled: false }).expect(200);
    await (await bob.login()).rest.get('/auth/me').expect(200);
  });

  it('is for admins, and not for what is their own', async () => {
    const [admin, bob] = [await registerAdmin(server), await Person.register(server)];
    await bob.rest.patch(`/users/${admin.id}`, { role: 'member' }).expect(403);
    await admin.rest.patch(`/users/${admin.id}`, { disabled: true }).expect(409);
    await admin.rest.patch(`/users/${newId()}`, { disabled: true }).expect(404);
    await admin.rest.patch(`/users/${bob.id}`, { role: 'king' }).expect(400);
    await admin.rest.patch(`/users/${bob.id}`, { disabled: 'yes' }).expect(400);
  });
});
