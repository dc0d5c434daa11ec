import request from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf } from '../../src/testing/socket.js';
import { DOORS, type Door } from './support/doors.js';
import { claimsOf, encode, forge, type Forgery, hmac } from './support/tokens.js';

const SECRET = 'a secret of at least 32 characters';

let server: TestServer;
let ann: Person;
let bob: Person;
/** Whose token it is, and by which login: what every forgery begins with. */
let mine: Record<string, unknown>;

const rest: Door = {
  name: 'REST',
  async knock({ url }, { token = '' }) {
    const { status } = await request(url).get('/api/v1/auth/me').auth(token, { type: 'bearer' });
    return status === 200 ? 101 : status;
  },
};

beforeAll(async () => {
  server = await startServer({ JWT_SECRET: SECRET });
  [ann, bob] = await Promise.all([Person.register(server), Person.register(server)]);
  const { sub, sid } = claimsOf(ann.token);
  mine = { sub, sid };
});
afterAll(() => server.close());

const now = (): number => Math.floor(Date.now() / 1000);
const variant = ({ claims, ...others }: Forgery = {}): string =>
  forge(SECRET, { ...others, claims: { ...mine, ...claims } });

const FORGERIES: readonly [what: string, token: () => string][] = [
  ['that says that it is not signed', () => variant({ header: { alg: 'none' }, signature: '' })],
  ['that says so in capitals', () => variant({ header: { alg: 'NONE' }, signature: '' })],
  ['that says so in other letters', () => variant({ header: { alg: 'nOnE' }, signature: '' })],
  ['that says so, and is signed', () => variant({ header: { alg: 'none' } })],
  ['that is not signed and does not say so', () => variant({ signature: '' })],
  ['of two parts', () => variant({ signature: '' }).slice(0, -1)],
  ['of two parts that says so', () => variant({ header: { alg: 'none' }, signature: '' }).slice(0, -1)],
  ['signed with HS512 by the same key', () => variant({ header: { alg: 'HS512' } })],
  ['signed with HS384 by the same key', () => variant({ header: { alg: 'HS384' } })],
  ['signed with HS256 that says HS512', () => variant({ header: { alg: 'HS512' }, signature: hmac(SECRET) })],
  ['signed with HS512 that says HS256', () => variant({ signature: hmac(SECRET, 'HS512') })],
  ['that says RS256', () => variant({ header: { alg: 'RS256' } })],
  ['that says ES256', () => variant({ header: { alg: 'ES256' } })],
  ['that says HS256 in small letters', () => variant({ header: { alg: 'hs256' } })],
  ['that does not say how it is signed', () => variant({ header: { alg: undefined } })],
  ['that is signed by several ways', () => variant({ header: { alg: ['HS256', 'none'] }, signature: hmac(SECRET) })],
  ['signed by another key', () => variant({ signature: hmac('another secret of 32 characters!!') })],
  ['signed by nothing', () => variant({ signature: hmac('') })],
  ['whose kid is a file that is empty', () => variant({ header: { kid: '../../dev/null' }, signature: hmac('') })],
  ['whose kid is a statement', () => variant({ header: { kid: "x' UNION SELECT 'key' -- " }, signature: hmac('key') })],
  ['whose kid is the key', () => variant({ header: { kid: 'key' }, signature: hmac('key') })],
  [
    'that brings its key along',
    () => variant({ header: { jwk: { kty: 'oct', k: 'a2V5', alg: 'HS256' } }, signature: hmac('key') }),
  ],
  [
    'that says where its key is',
    () => variant({ header: { jku: 'https://evil.com/keys', x5u: 'https://evil.com/crt' }, signature: hmac('key') }),
  ],
  ['that has what must be understood, and is not', () => variant({ header: { crit: ['x-limit'], 'x-limit': 1 } })],
  ['that is to be understood otherwise', () => variant({ header: { crit: ['b64'], b64: false } })],
  ['for another audience', () => variant({ claims: { aud: 'elsewhere' } })],
  ['for other audiences', () => variant({ claims: { aud: ['elsewhere', 'parlance2', 'PARLANCE'] } })],
  ['for nobody', () => variant({ claims: { aud: undefined } })],
  ['of another issuer', () => variant({ claims: { iss: 'elsewhere' } })],
  ['of an issuer whose name begins alike', () => variant({ claims: { iss: 'parlance.evil.com' } })],
  ['of nobody', () => variant({ claims: { iss: undefined } })],
  ['without an end', () => variant({ claims: { exp: undefined } })],
  ['whose end is text', () => variant({ claims: { exp: `${now() + 600}` } })],
  ['whose end is null', () => variant({ claims: { exp: null } })],
  ['that has expired', () => variant({ claims: { exp: now() - 1 } })],
  ['that is not good yet', () => variant({ claims: { nbf: now() + 600 } })],
  ['of a login of someone else', () => variant({ claims: { sid: claimsOf(bob.token).sid } })],
  ['of a login that there is not', () => variant({ claims: { sid: '01900000-0000-7000-8000-000000000000' } })],
  ['of no login', () => variant({ claims: { sid: undefined } })],
  ['of someone else by one’s own login', () => variant({ claims: { sub: bob.id } })],
  ['of nobody that there is', () => variant({ claims: { sub: '01900000-0000-7000-8000-000000000000' } })],
  ['of nobody at all', () => variant({ claims: { sub: undefined } })],
  ['whose subject is a statement', () => variant({ claims: { sub: `${ann.id}' OR '1'='1` } })],
  ['whose subject is a list', () => variant({ claims: { sub: [ann.id] } })],
  ['whose payload was changed', () => tampered({ sub: bob.id, sid: claimsOf(bob.token).sid })],
  ['whose end was put off', () => tampered({ exp: now() + 100_000 })],
  ['whose payload is a list', () => withPayload('[]')],
  ['whose payload is text', () => withPayload('"parlance"')],
  ['whose payload is null', () => withPayload('null')],
  ['that was cut', () => ann.token.slice(0, -3)],
  ['that goes on', () => `${ann.token}.${ann.token}`],
  ['that gives the refresh token for the access token', () => ann.refreshToken],
];

/** Ann's own token with other claims in it. */
function tampered(claims: Record<string, unknown>): string {
  const [header, , signature] = ann.token.split('.');
  return `${header}.${encode({ ...claimsOf(ann.token), ...claims })}.${signature}`;
}

/** Well signed, by the server's own key, but not over an object. */
function withPayload(payload: string): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${Buffer.from(payload).toString('base64url')}`;
  return `${signed}.${hmac(SECRET)(signed)}`;
}

describe.each([rest, ...DOORS])('$name', ({ knock }) => {
  it('takes a token that differs from the server’s own in nothing that counts', async () => {
    expect(await knock(server, { token: ann.token })).toBe(101);
    expect(await knock(server, { token: variant() })).toBe(101);
    expect(await knock(server, { token: variant({ claims: { aud: ['elsewhere', 'parlance'] } }) })).toBe(101);
  });

  it('refuses each forged one with 401', async () => {
    for (const [what, token] of FORGERIES) {
      expect(await knock(server, { token: token() }), `one ${what}`).toBe(401);
    }
  });

  it('refuses the token of a login that has ended, the other logins of the user go on', async () => {
    const cleo = await Person.register(server);
    const other = await cleo.login();
    await cleo.rest.post('/auth/logout').expect(204);
    expect(await knock(server, { token: cleo.token })).toBe(401);
    expect(await knock(server, { token: other.token })).toBe(101);
  });

  it('refuses the token of a user who is disabled', async () => {
    const cleo = await Person.register(server);
    await server.app.get(DataSource).query('UPDATE users SET disabled_at = now() WHERE id = $1', [cleo.id]);
    expect(await knock(server, { token: cleo.token })).toBe(401);
  });
});

describe('a handshake', () => {
  it('refuses a forged token wherever it is given', async () => {
    for (const [what, token] of FORGERIES) {
      const forged = token();
      for (const query of [`token=${forged}`, `access_token=${forged}`]) {
        expect((await refusalOf(`${server.wsUrl}/ws?${query}`)).status, `one ${what}`).toBe(401);
      }
      const protocols = ['parlance.flat', `bearer.${forged}`];
      expect((await refusalOf(`${server.wsUrl}/ws`, { protocols })).status, `one ${what}`).toBe(401);
    }
  });
});

describe('an access token', () => {
  it('does not refresh, also when it is short enough to be looked for', async () => {
    const refresh = (refresh_token: string) => request(server.url).post('/api/v1/auth/refresh').send({ refresh_token });
    await refresh(ann.token).expect(400);
    await refresh(ann.token.slice(0, 200)).expect(401);
    await refresh(String(claimsOf(ann.token).jti)).expect(401);
    await refresh(String(claimsOf(ann.token).sid)).expect(401);
    await refresh(ann.refreshToken).expect(200);
  });
});
