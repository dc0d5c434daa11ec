import { KeyObject, randomUUID } from 'node:crypto';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf, Socket } from '../../src/testing/socket.js';
import { SocketIoClient } from '../../src/testing/socketio.js';
import { spawnServer } from '../support/spawned-server.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { DOORS, type Door } from './support/doors.js';
import { AUDIENCE, Issuer, ISSUER, type IssuerKey, signToken } from './support/key-server.js';
import { encode, forge, hmac } from './support/tokens.js';

const SECRET = 'a secret of at least 32 characters';

const rest: Door = {
  name: 'REST',
  async knock({ url }, { token = '' }) {
    const { status } = await request(url).get('/api/v1/auth/me').auth(token, { type: 'bearer' });
    return status === 200 ? 101 : status;
  },
};
const EVERYWHERE = [rest, ...DOORS];

/** Milliseconds for a test that starts servers of its own. */
const LONG = 60_000;

const now = (): number => Math.floor(Date.now() / 1000);
const settingsFor = (issuer: Issuer): Record<string, string> => ({
  JWT_JWKS_URI: issuer.uri,
  JWT_ISSUER: ISSUER,
  JWT_AUDIENCE: AUDIENCE,
});

async function startIssuer(): Promise<Issuer> {
  const issuer = await Issuer.start();
  onTestFinished(() => issuer.close());
  return issuer;
}

async function startWith(settings: Record<string, string>): Promise<TestServer> {
  const server = await startServer(settings);
  onTestFinished(() => server.close());
  return server;
}

describe('a token of another issuer', () => {
  let issuer: Issuer;
  let server: TestServer;
  let key: IssuerKey;
  let ann: Person;
  let bob: Person;
  beforeAll(async () => {
    issuer = await Issuer.start();
    key = await issuer.key('first');
    server = await startServer({ JWT_SECRET: SECRET, ...settingsFor(issuer) });
    [ann, bob] = await Promise.all([Person.register(server), Person.register(server)]);
  });
  afterAll(async () => {
    await server.close();
    await issuer.close();
  });

  const sign = (claims: Record<string, unknown>, header?: object): Promise<string> => signToken(key, claims, header);
  const whoIs = async (token: string): Promise<string | undefined> =>
    (await request(server.url).get('/api/v1/auth/me').auth(token, { type: 'bearer' })).body.id as string | undefined;

  it.each(EVERYWHERE)('is taken at $name, as are those of users who signed in here', async ({ knock }) => {
    expect(await knock(server, { token: await sign({ sub: ann.id }) })).toBe(101);
    expect(await knock(server, { token: await sign({ sub: 'auth0|7', email: ann.email }) })).toBe(101);
    expect(await knock(server, { token: ann.token })).toBe(101);
  });

  it('names a user by id or, where that is none of ours, by e-mail address', async () => {
    const claims: [Record<string, unknown>, Person][] = [
      [{ sub: ann.id }, ann],
      [{ sub: ann.id.toUpperCase() }, ann],
      [{ sub: ann.id, email: bob.email }, ann],
      [{ sub: ann.id, email: bob.email, email_verified: false }, ann],
      [{ sub: randomUUID(), email: bob.email }, bob],
      [{ sub: 'auth0|7', email: ` ${bob.email.toUpperCase()}`, email_verified: true }, bob],
      [{ email: bob.email, email_verified: 'true' }, bob],
      [{ sub: 'auth0|7', email: bob.email, aud: ['others', AUDIENCE] }, bob],
    ];
    for (const [each, person] of claims) expect(await whoIs(await sign(each)), JSON.stringify(each)).toBe(person.id);
  });

  it.each(['RS256', 'PS384', 'ES256', 'EdDSA'])('may be signed with %s', async (alg) => {
    const other = await issuer.key(`by ${alg}`, { alg });
    await expect.poll(async () => whoIs(await signToken(other, { sub: ann.id })), { timeout: 10_000 }).toBe(ann.id);
  });

  it('is refused, wherever it is shown, unless it is good and names someone who is registered', async () => {
    const cleo = await Person.register(server);
    await server.app.get(DataSource).query('UPDATE users SET disabled_at = now() WHERE id = $1', [cleo.id]);
    const stranger = await issuer.key('first', { publish: false });
    const pem = KeyObject.from(key.publicKey).export({ type: 'spki', format: 'pem' }).toString();
    const good = { iss: ISSUER, aud: AUDIENCE, sub: ann.id };
    const hs256 = (secret: string | Buffer): string =>
      forge(secret, { header: { kid: 'first' }, claims: good, signature: hmac(secret) });
    const [head, , signature] = (await sign({ sub: bob.id })).split('.');
    const tokens: [string, string][] = [
      ['of a user who is not registered', await sign({ sub: randomUUID(), email: 'nobody@example.com' })],
      ['of nobody', await sign({})],
      ['with an address that is not the user’s', await sign({ sub: 'x', email: bob.email, email_verified: false })],
      ['with one that may not be', await sign({ sub: 'x', email: bob.email, email_verified: 'false' })],
      ['with one of which that is not known', await sign({ sub: 'x', email: bob.email, email_verified: null })],
      ['with an address that cannot be', await sign({ sub: 'x', email: `${bob.email}\0` })],
      ['with addresses', await sign({ sub: 'x', email: [bob.email] })],
      ['of a user who is disabled', await sign({ sub: cleo.id })],
      ['of one, with the address of someone else', await sign({ sub: cleo.id, email: bob.email })],
      ['for another audience', await sign({ sub: ann.id, aud: 'others' })],
      ['for nobody', await sign({ sub: ann.id, aud: undefined })],
      ['of a third issuer', await sign({ sub: ann.id, iss: 'https://id.example.com' })],
      ['of no issuer', await sign({ sub: ann.id, iss: undefined })],
      ['without an end', await sign({ sub: ann.id, exp: undefined })],
      ['that has expired, just now', await sign({ sub: ann.id, exp: now() - 1 })],
      ['that is not good for long', await sign({ sub: ann.id, nbf: now() + 60 })],
      ['with what must be understood', await sign({ sub: ann.id }, { crit: ['x-limit'], 'x-limit': 1 })],
      ['by a key with the name of a published one', await signToken(stranger, { sub: ann.id })],
      ['by a key that is not published', await sign({ sub: ann.id }, { kid: 'unknown' })],
      ['by a key that it brings along', await signToken(stranger, { sub: ann.id }, { kid: 'x', jwk: stranger.jwk })],
      ['that says where its key is', await signToken(stranger, { sub: ann.id }, { kid: 'x', jku: issuer.uri })],
      ['whose payload was changed', `${head}.${encode({ ...good, exp: now() + 60 })}.${signature}`],
      ['signed by the public key as a secret', hs256(pem)],
      ['signed by it without its last line', hs256(pem.trim())],
      ['signed by its bytes', hs256(KeyObject.from(key.publicKey).export({ type: 'spki', format: 'der' }))],
      ['signed by its modulus', hs256(Buffer.from(key.jwk.n!, 'base64url'))],
      ['that says that it is not signed', forge('', { header: { alg: 'none' }, claims: good, signature: '' })],
      ['that is not signed', `${head}.${encode({ ...good, exp: now() + 60 })}.`],
    ];
    for (const [what, token] of tokens) {
      for (const { name, knock } of EVERYWHERE) expect(await knock(server, { token }), `${name}: ${what}`).toBe(401);
    }
  });

  it('is not one by a secret, even when the issuer publishes that', async () => {
    const k = Buffer.from('published by mistake, 32 characters').toString('base64url');
    issuer.published.push({ kty: 'oct', k, kid: 'secret', alg: 'HS256' });
    onTestFinished(() => void issuer.published.pop());
    const claims = { iss: ISSUER, aud: AUDIENCE, sub: ann.id };
    const token = forge(Buffer.from(k, 'base64url'), { header: { kid: 'secret' }, claims });
    for (const { name, knock } of EVERYWHERE) expect(await knock(server, { token }), name).toBe(401);
  });

  it('may be of an issuer whose clock is a little ahead', async () => {
    expect(await whoIs(await sign({ sub: ann.id, nbf: now() + 3, iat: now() + 3 }))).toBe(ann.id);
  });

  it('closes its connections with 4401 when it expires', async () => {
    const token = await sign({ sub: ann.id, exp: now() + 3 });
    const socket = await Socket.open('flat', `${server.wsUrl}/ws?token=${token}`);
    const client = await SocketIoClient.open(server.url, { transports: ['websocket'], auth: { token } });
    expect(await socket.closed).toMatchObject({ code: 4401, reason: 'token expired' });
    expect(await client.disconnected).toBe('io server disconnect');
    expect(await rest.knock(server, { token })).toBe(401);
  });

  it('ends nothing by signing out here, and is told so', async () => {
    const token = await sign({ sub: ann.id });
    const answer = await request(server.url).post('/api/v1/auth/logout').auth(token, { type: 'bearer' }).expect(403);
    expect(answer.body).toMatchObject({ statusCode: 403, message: 'You did not sign in here: sign out where you did' });
  });

  it('lets the first frame correct the dialect, as one of our own does', async () => {
    const token = await sign({ sub: ann.id });
    const socket = await Socket.open('channels', `${server.wsUrl}/api/v1/ws?channel_id=a-channel&token=${token}`);
    await socket.next();
    socket.correct('tribe', { event: 'ping' });
    expect(await socket.take(2)).toEqual([{ event: 'connected', message: expect.any(String) }, { event: 'pong' }]);
  });
});

describe('the keys of another issuer', () => {
  it(
    'are fetched when they are first needed, once for all, and anew for a key that is not among them',
    async () => {
      const issuer = await startIssuer();
      const first = await issuer.key('first');
      const server = await startWith({ JWT_SECRET: SECRET, ...settingsFor(issuer) });
      const ann = await Person.register(server);
      expect(issuer.fetches).toBe(0);
      const token = await signToken(first, { sub: ann.id });
      const statuses = await Promise.all(Array.from({ length: 20 }, () => rest.knock(server, { token })));
      expect(new Set(statuses)).toEqual(new Set([101]));
      expect(issuer.fetches).toBe(1);

      const second = await issuer.key('second');
      const later = await signToken(second, { sub: ann.id });
      await expect.poll(() => rest.knock(server, { token: later }), { timeout: 10_000 }).toBe(101);
      expect(issuer.fetches).toBe(2);
      expect(await rest.knock(server, { token })).toBe(101);
      for (let asked = 0; asked < 50; asked++) {
        expect(await rest.knock(server, { token: await signToken(first, {}, { kid: `made up ${asked}` }) })).toBe(401);
      }
      expect(issuer.fetches).toBeLessThan(5); // who makes up keys does not have them fetched each time
    },
    LONG,
  );

  it(
    'that cannot be had are no reason to refuse or to believe a token: 503 until they are there',
    async () => {
      const issuer = await startIssuer();
      const key = await issuer.key('first');
      const server = await startWith({ JWT_SECRET: SECRET, ...settingsFor(issuer) });
      const ann = await Person.register(server);
      const token = await signToken(key, { sub: ann.id });
      const forged = await signToken(await issuer.key('first', { publish: false }), { sub: ann.id });

      await issuer.close();
      for (const { name, knock } of EVERYWHERE) {
        expect(await knock(server, { token }), name).toBe(503);
        expect(await knock(server, { token: forged }), name).toBe(503);
        expect(await knock(server, { token: ann.token }), name).toBe(101);
      }
      const answer = await request(server.url).get('/api/v1/auth/me').auth(token, { type: 'bearer' }).expect(503);
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
      const refusal = await refusalOf(`${server.wsUrl}/ws?token=${token}`);
      expect(refusal).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });

      await issuer.open();
      const troubles: Issuer['answer'][] = [
        (response) => response.writeHead(500).end(),
        (response) => response.writeHead(302, { location: issuer.uri }).end(),
        (response) => response.end('<html>'),
        (response) => response.end('{"keys":"none"}'),
        (response) => response.destroy(),
        () => {}, // it takes its time
      ];
      for (const trouble of troubles) {
        issuer.answer = trouble;
        const begun = Date.now();
        expect(await rest.knock(server, { token })).toBe(503);
        expect(Date.now() - begun).toBeLessThan(5_000);
      }

      issuer.answer = (response) => issuer.publish(response);
      for (const { name, knock } of EVERYWHERE) {
        expect(await knock(server, { token }), name).toBe(101);
        expect(await knock(server, { token: forged }), name).toBe(401);
      }
    },
    LONG,
  );
});

describe('a server in production that takes the tokens of another issuer only', () => {
  it(
    'needs no secret, signs nobody in, and takes no token that it could have signed',
    async () => {
      const issuer = await startIssuer();
      const key = await issuer.key('first');
      const directory = await temporaryDirectory();
      const before = await spawnServer({ JWT_SECRET: SECRET, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE }, directory);
      const ann = await Person.register(before);
      await before.kill('SIGTERM');

      const server = await spawnServer({ NODE_ENV: 'production', ...settingsFor(issuer) }, directory);
      onTestFinished(async () => void (await server.kill('SIGKILL')));
      for (const { name, knock } of EVERYWHERE) {
        expect(await knock(server, { token: await signToken(key, { sub: 'x', email: ann.email }) }), name).toBe(101);
        expect(await knock(server, { token: ann.token }), name).toBe(401);
      }
      const claims = { iss: ISSUER, aud: AUDIENCE, sub: ann.id, sid: randomUUID() };
      for (const secret of ['', 'undefined', 'null', SECRET]) {
        expect(await rest.knock(server, { token: forge(secret, { claims }) }), secret).toBe(401);
        expect(await rest.knock(server, { token: forge(secret, { claims, signature: '' }) }), secret).toBe(401);
      }
      const credentials = { email: ann.email, password: 'correct horse battery' };
      const attempts: [string, object][] = [
        ['login', credentials],
        ['register', { ...credentials, email: 'new@example.com' }],
        ['refresh', { refresh_token: ann.refreshToken }],
      ];
      for (const [route, body] of attempts) {
        const answer = await request(server.url).post(`/api/v1/auth/${route}`).send(body).expect(403);
        expect(answer.body).toMatchObject({
          error: 'Forbidden',
          message: expect.stringContaining('sign in elsewhere'),
        });
      }
    },
    LONG,
  );
});
