import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { runServer } from '../support/spawned-server.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { DOORS } from './support/doors.js';
import { upgradeRequest, Wire } from './support/wire.js';

const channels = DOORS.find(({ name }) => name === 'channels')!;
const others = DOORS.filter((door) => door !== channels);

let server: TestServer;
let ann: Person;

/** The status at a REST route that believes the header, and at its socket; header lines as they go over the wire. */
async function statusesOf(...lines: string[]): Promise<[rest: number, socket: number]> {
  const headers = lines.map((line) => `${line}\r\n`).join('');
  const asked = async (text: string): Promise<number> => {
    const wire = await Wire.open(server.url);
    wire.write(text);
    const answer = await wire.until('\r\n\r\n');
    wire.destroy();
    return Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1]);
  };
  const plain = `GET /api/v1/channels HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
  const upgrade = upgradeRequest('/api/v1/ws').replace('\r\n\r\n', `\r\n${headers}\r\n`);
  return [await asked(plain), await asked(upgrade)];
}

const BELIEVED = [200, 101];
const REFUSED = [401, 401];

/** A server with these settings for the tests of a group. */
function withServer(settings: Record<string, string>): void {
  beforeAll(async () => {
    server = await startServer(settings);
    ann = await Person.register(server);
  });
  afterAll(() => server.close());
}

describe('a User-Email header, where one proxy is trusted', () => {
  withServer({ HEADER_AUTH: 'trusted', TRUSTED_PROXIES: '127.0.0.1/32' });

  it('is believed of a peer that is trusted to set it, whatever client it forwards for', async () => {
    expect(await statusesOf(`User-Email: ${ann.email}`)).toEqual(BELIEVED);
    expect(await statusesOf(`User-Email: ${ann.email}`, 'X-Forwarded-For: 203.0.113.7')).toEqual(BELIEVED);
  });

  it('that a client added beside its proxy’s is not believed, nor is the proxy’s', async () => {
    const bob = await Person.register(server);
    const forgeries = [
      [`User-Email: ${ann.email}`, `User-Email: ${bob.email}`],
      [`User-Email: ${ann.email}`, `user-email: ${ann.email}`],
      [`User-Email: ${ann.email}, ${bob.email}`],
      [`User-Email: ${ann.email},`],
      [`User-Email: ${ann.email}`, 'User-Email:'],
      ['User-Email:', `User-Email: ${ann.email}`],
    ];
    for (const lines of forgeries) expect(await statusesOf(...lines), lines.join()).toEqual(REFUSED);
  });

  it('of a name that only looks like it is another header', async () => {
    for (const name of ['User_Email', 'X-User-Email', 'UserEmail', 'User-E-Mail']) {
      expect(await statusesOf(`${name}: ${ann.email}`), name).toEqual(REFUSED);
    }
    expect(await statusesOf(`User-Email: ${ann.email}`, `User_Email: nobody@example.com`)).toEqual(BELIEVED);
  });

  it('is believed nowhere but in the dialect and at the routes whose document has it', async () => {
    const headers = { 'User-Email': ann.email };
    expect(await channels.knock(server, { headers })).toBe(101);
    for (const { name, knock } of others) expect(await knock(server, { headers }), name).toBe(401);
    for (const path of ['/auth/me', '/conversations', '/notifications', '/pets', '/users?query=a']) {
      await request(server.url).get(`/api/v1${path}`).set(headers).expect(401);
    }
  });
});

describe('a User-Email header, where other proxies are trusted', () => {
  withServer({ HEADER_AUTH: 'trusted', TRUSTED_PROXIES: '10.0.0.0/8,127.0.0.2/32,::1' });

  it('of a peer that is not trusted is not believed, whatever it says of where it comes from', async () => {
    const claims = [
      [],
      ['X-Forwarded-For: 10.0.0.1'],
      ['X-Forwarded-For: 127.0.0.2, 10.0.0.1'],
      ['X-Real-IP: 10.0.0.1'],
      ['Forwarded: for=10.0.0.1'],
      ['X-Client-IP: 127.0.0.2'],
    ];
    for (const lines of claims) {
      expect(await statusesOf(`User-Email: ${ann.email}`, ...lines), lines.join()).toEqual(REFUSED);
    }
  });
});

describe('a User-Email header, while developing', () => {
  withServer({ HEADER_AUTH: 'dev' });

  it('is believed of this machine and does not stand in for a token that is no good', async () => {
    expect(await statusesOf(`User-Email: ${ann.email}`)).toEqual(BELIEVED);
    expect(await statusesOf(`User-Email: ${ann.email}`, 'Authorization: Bearer forged')).toEqual(REFUSED);
    expect(await statusesOf('User-Email: nobody@example.com')).toEqual(REFUSED);
    await ann.rest.post('/auth/logout').expect(204);
    expect(await statusesOf(`User-Email: ${ann.email}`, `Authorization: Bearer ${ann.token}`)).toEqual(REFUSED);
  });
});

describe('a User-Email header, where header auth is off', () => {
  withServer({ HEADER_AUTH: 'off', TRUSTED_PROXIES: '127.0.0.1/32' });

  it('is nothing', async () => {
    expect(await statusesOf(`User-Email: ${ann.email}`)).toEqual(REFUSED);
  });
});

describe('a User-Email header, in production where nothing is said of it', () => {
  withServer({
    NODE_ENV: 'production',
    JWT_SECRET: 'a secret of at least 32 characters',
    HEADER_AUTH: '',
    TRUSTED_PROXIES: '127.0.0.1/32',
  });

  it('is nothing', async () => {
    expect(await statusesOf(`User-Email: ${ann.email}`)).toEqual(REFUSED);
  });
});

describe('a server whose header auth is trusted', () => {
  it.each<Record<string, string>>([
    {},
    { NODE_ENV: 'production', JWT_SECRET: 'a secret of at least 32 characters' },
    { TRUSTED_PROXIES: ' ' },
  ])('does not start where no proxies are named (%j)', async (settings) => {
    const started = runServer({ HEADER_AUTH: 'trusted', ...settings }, await temporaryDirectory());
    expect(await started.exited).toEqual({ code: 1, signal: null });
    expect(started.stderr()).toBe('HEADER_AUTH trusted needs TRUSTED_PROXIES to name the proxies\n');
    expect(started.stdout()).toBe('');
  });
});
