import request from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bus } from '../../src/realtime/bus/bus.js';
import type { DomainEvent } from '../../src/realtime/events.js';
import { userTopic } from '../../src/realtime/topics.js';
import { PASSWORD, Person } from '../../src/testing/person.js';
import type { OwnUserBody } from '../../src/users/users.presenter.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

const SESSION_KEYS = ['access_token', 'expires_in', 'refresh_token', 'token_type', 'user'];
const OWN_KEYS = ['created_at', 'email', 'full_name', 'id', 'number', 'profile_image_url', 'role', 'username'];

/** What the routes that sign in answer. */
interface Session {
  access_token: string;
  refresh_token: string;
  user: OwnUserBody;
}

let server: TestServer;
let addresses = 0;

beforeAll(async () => {
  server = await startServer({ ACCESS_TOKEN_TTL: '10m' });
});
afterAll(() => server.close());

const post = (path: string, body: object) => request(server.url).post(`/api/v1/auth/${path}`).send(body);
const me = (token: string) => request(server.url).get('/api/v1/auth/me').auth(token, { type: 'bearer' });
const logout = (token: string) => request(server.url).post('/api/v1/auth/logout').auth(token, { type: 'bearer' });
const refresh = (token: string) => post('refresh', { refresh_token: token });
const ascending = (one: number, other: number) => one - other;
const newEmail = () => `address-${++addresses}@example.com`;

async function login(email: string): Promise<Session> {
  const { body } = await post('login', { email, password: PASSWORD }).expect(200);
  return body as Session;
}

/** What is told about a user from now on. */
async function eventsOf(userId: string): Promise<DomainEvent[]> {
  const events: DomainEvent[] = [];
  await server.app.get(Bus).subscribe(userTopic(userId), (event) => events.push(event));
  return events;
}

describe('POST /auth/register', () => {
  it('signs a new user in', async () => {
    const email = newEmail();
    const { body } = await post('register', { email, password: PASSWORD }).expect(201);
    expect(Object.keys(body).toSorted()).toEqual(SESSION_KEYS);
    expect(Object.keys(body.user).toSorted()).toEqual(OWN_KEYS);
    const [name] = email.split('@');
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 600,
      user: { email, username: name, full_name: name, profile_image_url: null, role: 'member' },
    });
    expect(Number.isInteger(body.user.number)).toBe(true);
    await me(body.access_token).expect(200, body.user);
  });

  it('takes names and a role', async () => {
    const { user } = await Person.register(server, { username: ' ada ', full_name: 'Ada Lovelace', role: 'host' });
    expect(user).toMatchObject({ username: 'ada', full_name: 'Ada Lovelace', role: 'host' });
  });

  it('lets two users have the same username', async () => {
    const [one, other] = [
      await Person.register(server, { username: 'same' }),
      await Person.register(server, { username: 'same' }),
    ];
    expect(one.user.username).toBe(other.user.username);
  });

  it('refuses a taken e-mail address, whatever its case', async () => {
    const { user } = await Person.register(server);
    const { body } = await post('register', { email: user.email.toUpperCase(), password: PASSWORD }).expect(409);
    expect(body).toEqual({ statusCode: 409, error: 'Conflict', message: 'The e-mail address is taken' });
  });

  it('gives an e-mail address to one of several that ask for it at once', async () => {
    const email = newEmail();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => post('register', { email, password: PASSWORD }).then(({ status }) => status)),
    );
    expect(answers.toSorted(ascending)).toEqual([201, 409, 409, 409]);
  });

  it.each([
    ['no e-mail address', { email: undefined }],
    ['a malformed e-mail address', { email: 'ada' }],
    ['an e-mail address with a NUL', { email: 'a\0da@example.com' }],
    ['no password', { password: undefined }],
    ['a short password', { password: '1234567' }],
    ['a long password', { password: 'x'.repeat(201) }],
    ['a password that is no text', { password: { $ne: '' } }],
    ['an empty username', { username: '  ' }],
    ['a long username', { username: 'x'.repeat(65) }],
    ['a full name with half of a surrogate pair', { full_name: '\ud83d' }],
    ['an unknown role', { role: 'king' }],
    ['the role admin', { role: 'admin' }],
  ])('refuses %s', async (_, given) => {
    const { body } = await post('register', { email: newEmail(), password: PASSWORD, ...given }).expect(400);
    expect(body).toMatchObject({ statusCode: 400, error: 'Bad Request' });
  });
});

describe('POST /auth/login', () => {
  it('signs in, whatever the case of the e-mail address', async () => {
    const { user } = await Person.register(server);
    const { body } = await post('login', { email: ` ${user.email.toUpperCase()}`, password: PASSWORD }).expect(200);
    expect(Object.keys(body).toSorted()).toEqual(SESSION_KEYS);
    expect(body.user).toEqual(user);
    await me(body.access_token).expect(200, user);
  });

  it('answers alike for an unknown e-mail address and a wrong password', async () => {
    const { user } = await Person.register(server);
    const wrong = await post('login', { email: user.email, password: 'x' }).expect(401);
    const unknown = await post('login', { email: newEmail(), password: PASSWORD }).expect(401);
    expect(wrong.body).toEqual(unknown.body);
    expect(wrong.body).toMatchObject({ statusCode: 401, error: 'Unauthorized' });
  });

  it.each([{}, { email: 'ada@example.com' }, { email: 7, password: PASSWORD }, { email: 'ada', password: PASSWORD }])(
    'refuses %j as malformed',
    async (body) => {
      await post('login', body).expect(400);
    },
  );
});

describe('POST /auth/refresh', () => {
  it('gives a new pair, with the old access token good to its end', async () => {
    const first = await Person.register(server);
    const { body } = await refresh(first.refreshToken).expect(200);
    expect(Object.keys(body).toSorted()).toEqual(SESSION_KEYS);
    expect(body.user).toEqual(first.user);
    expect(body.refresh_token).not.toBe(first.refreshToken);
    expect(body.access_token).not.toBe(first.token);
    await me(body.access_token).expect(200);
    await me(first.token).expect(200);
    await refresh(body.refresh_token).expect(200);
  });

  it('ends the whole family when a token is used twice, and says so once', async () => {
    const first = await Person.register(server);
    const second = (await refresh(first.refreshToken).expect(200)).body as Session;
    const events = await eventsOf(first.user.id);
    await refresh(first.refreshToken).expect(401);
    await refresh(first.refreshToken).expect(401);
    await refresh(second.refresh_token).expect(401);
    await me(first.token).expect(401);
    await me(second.access_token).expect(401);
    expect(events).toEqual([{ type: 'login.ended', userId: first.user.id, loginId: expect.any(String) }]);
  });

  it("leaves the user's other logins alone when one family ends", async () => {
    const { user, refreshToken } = await Person.register(server);
    const other = await login(user.email);
    await refresh(refreshToken).expect(200);
    await refresh(refreshToken).expect(401);
    await me(other.access_token).expect(200);
    await refresh(other.refresh_token).expect(200);
  });

  it('is won by one of two at once, and the family ends', async () => {
    const { token, refreshToken } = await Person.register(server);
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    expect(answers.map(({ status }) => status).toSorted(ascending)).toEqual([200, 401]);
    const winner = answers.find(({ status }) => status === 200)?.body as Session;
    await me(winner.access_token).expect(401);
    await me(token).expect(401);
  });

  it('refuses an unknown token', async () => {
    const { body } = await refresh('x'.repeat(43)).expect(401);
    expect(body).toMatchObject({ statusCode: 401, error: 'Unauthorized' });
  });

  it('refuses an access token', async () => {
    const { token } = await Person.register(server);
    await refresh(token).expect(400); // far too long to be one
  });

  it.each([{}, { refresh_token: 7 }, { refresh_token: '' }, { refresh_token: 'x'.repeat(201) }])(
    'refuses %j as malformed',
    async (body) => {
      await post('refresh', body).expect(400);
    },
  );
});

describe('POST /auth/logout', () => {
  it("ends this login's tokens at once, and says so", async () => {
    const { token, refreshToken, user } = await Person.register(server);
    const events = await eventsOf(user.id);
    await logout(token).expect(204, '');
    await me(token).expect(401);
    await logout(token).expect(401);
    await refresh(refreshToken).expect(401);
    expect(events).toEqual([{ type: 'login.ended', userId: user.id, loginId: expect.any(String) }]);
  });

  it("leaves the user's other logins alone", async () => {
    const { token, user } = await Person.register(server);
    const other = await login(user.email);
    await logout(token).expect(204);
    await me(other.access_token).expect(200);
    await refresh(other.refresh_token).expect(200);
  });

  it('needs an access token', async () => {
    const { refreshToken } = await Person.register(server);
    await request(server.url).post('/api/v1/auth/logout').expect(401);
    await logout(refreshToken).expect(401);
  });
});

describe('credentials of a request', () => {
  it('may name their scheme in any case', async () => {
    const { token, user } = await Person.register(server);
    const header = `bEARER ${token}`;
    await request(server.url).get('/api/v1/auth/me').set('Authorization', header).expect(200, user);
  });

  it.each(['Bearer', 'Bearer ', 'Bearer a b', 'Basic YWRhOmxvdmVsYWNl', 'Bearer x.y.z'])(
    'are not %j',
    async (header) => {
      const { body } = await request(server.url).get('/api/v1/auth/me').set('Authorization', header).expect(401);
      expect(Object.keys(body).toSorted()).toEqual(['error', 'message', 'statusCode']);
      expect(body).toMatchObject({ statusCode: 401, error: 'Unauthorized' });
    },
  );

  it('are needed', async () => {
    await request(server.url).get('/api/v1/auth/me').expect(401);
  });

  it('are not a token whose header says that it is not signed', async () => {
    const { token } = await Person.register(server);
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    const [, claims] = token.split('.');
    await me(`${none}.${claims}.`).expect(401);
  });

  it('are not a User-Email header where the document knows none', async () => {
    const { user } = await Person.register(server);
    await request(server.url).get('/api/v1/auth/me').set('User-Email', user.email).expect(401);
  });
});

describe('a disabled user', () => {
  it('is no one any more', async () => {
    const { token, refreshToken, user } = await Person.register(server);
    await server.app.get(DataSource).query('UPDATE users SET disabled_at = now() WHERE id = $1', [user.id]);
    await me(token).expect(401);
    await refresh(refreshToken).expect(401);
    await post('login', { email: user.email, password: PASSWORD }).expect(401);
  });
});

describe('the life of tokens', () => {
  it('ends when their time is over', async () => {
    const brief = await startServer({ ACCESS_TOKEN_TTL: '1s', REFRESH_TOKEN_TTL: '1ms' });
    try {
      const credentials = { email: 'brief@example.com', password: PASSWORD };
      const { body } = await request(brief.url).post('/api/v1/auth/register').send(credentials).expect(201);
      await request(brief.url).post('/api/v1/auth/refresh').send({ refresh_token: body.refresh_token }).expect(401);
      await expect
        .poll(
          async () =>
            (await request(brief.url).get('/api/v1/auth/me').auth(body.access_token, { type: 'bearer' })).status,
          { timeout: 3_000 },
        )
        .toBe(401);
      await request(brief.url).post('/api/v1/auth/login').send(credentials).expect(200);
    } finally {
      await brief.close();
    }
  });
});
