import { request as httpRequest } from 'node:http';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

const ADA = { email: 'ada@example.com' };
const ROUTE = '/api/v1/channels'; // one of those that believe the header

let server: TestServer;

/** A server with these settings, where Ada is registered. @returns her access token */
async function start(settings: Record<string, string>): Promise<string> {
  server = await startServer(settings);
  const { token } = await Person.register(server, ADA);
  return token;
}

const as = (email: string) => request(server.url).get(ROUTE).set('User-Email', email);

/** The status when the header is sent once for each value, which most clients would join. */
function statusWith(...emails: string[]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${server.url}${ROUTE}`, { headers: { 'User-Email': emails } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject).end();
  });
}

describe('User-Email in dev', () => {
  let token: string;

  beforeAll(async () => {
    token = await start({ HEADER_AUTH: 'dev' });
  });
  afterAll(() => server.close());

  it('names a registered user, in any case, for a loopback peer', async () => {
    await as(ADA.email).expect(200);
    await as('Ada@Example.COM').expect(200);
    await expect(statusWith(ADA.email)).resolves.toBe(200);
  });

  it('names no one else', async () => {
    await as('nobody@example.com').expect(401);
    await as('').expect(401);
  });

  it('names one user only', async () => {
    await as(`${ADA.email}, ${ADA.email}`).expect(401);
    await expect(statusWith(ADA.email, ADA.email)).resolves.toBe(401);
  });

  it('does not stand in for a bearer token that is no good', async () => {
    await as('nobody@example.com').auth(token, { type: 'bearer' }).expect(200);
    await as(ADA.email).auth(`${token}x`, { type: 'bearer' }).expect(401);
    await as(ADA.email).set('Authorization', 'Bearer').expect(401);
  });
});

describe('User-Email otherwise', () => {
  afterEach(() => server.close());

  it('is not believed when HEADER_AUTH is off', async () => {
    await start({ HEADER_AUTH: 'off' });
    await as(ADA.email).expect(401);
  });

  it('is believed from a trusted proxy', async () => {
    await start({ HEADER_AUTH: 'trusted', TRUSTED_PROXIES: '127.0.0.0/8,::1' });
    await as(ADA.email).expect(200);
  });

  it('is not believed from any other peer, whatever it says it forwards', async () => {
    await start({ HEADER_AUTH: 'trusted', TRUSTED_PROXIES: '10.0.0.0/8' });
    await as(ADA.email).expect(401);
    await as(ADA.email).set('X-Forwarded-For', '10.0.0.1').expect(401);
  });
});
