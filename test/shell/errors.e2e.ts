import { once } from 'node:events';
import { connect } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../src/testing/application.js';

const LOGIN = '/api/v1/auth/login';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const post = (body: string, type = 'application/json') =>
  request(server.url).post(LOGIN).set('Content-Type', type).send(body);

const nested = (depth: number) => `{"email":${'['.repeat(depth)}${']'.repeat(depth)}}`;

describe('an error', () => {
  it('of an unknown address is 404, and repeats nothing of it', async () => {
    const expected = { statusCode: 404, error: 'Not Found', message: 'There is nothing at this address' };
    for (const path of ['/nowhere?token=s3cret', '/api/v1/nowhere?token=s3cret', '/health', '/API/V1/auth/me']) {
      const { body } = await request(server.url).get(path).expect(404);
      expect(body).toEqual(expected);
    }
    expect((await request(server.url).delete('/health/live').expect(404)).body).toEqual(expected);
  });

  it.each(['/%?token=s3cret', '/api/v1/users/%E0%A4%A', `/api/v1/users/${'a'.repeat(5_000)}`])(
    'of a malformed address is 400 (%#)',
    async (path) => {
      const { body, headers } = await request(server.url).get(path).expect(400);
      expect(body).toEqual({ statusCode: 400, error: 'Bad Request', message: 'The address is malformed' });
      expect(headers['x-request-id']).toBeDefined();
    },
  );

  it.each([
    ['what is not JSON', '{"email'],
    ['keys that would change the prototype of objects', '{"__proto__":{"isAdmin":true}}'],
    ['the same by way of the constructor', '{"constructor":{"prototype":{"isAdmin":true}}}'],
    ['a list', '[]'],
    ['a text', '"text"'],
    ['a number', '7'],
    ['JSON nested ten thousand deep', nested(10_000)],
  ])('of a body that is %s is 400', async (_, body) => {
    const answer = await post(body).expect(400);
    expect(answer.body).toEqual({ statusCode: 400, error: 'Bad Request', message: expect.any(String) });
  });

  it('of a body that is nothing is what is missing', async () => {
    const { body } = await post('').expect(400);
    expect(body).toEqual({ statusCode: 400, error: 'Bad Request', message: expect.any(Array) });
  });

  it('of fields lists what is wrong with each', async () => {
    const { body } = await post('{}').expect(400);
    expect(body).toEqual({ statusCode: 400, error: 'Bad Request', message: expect.any(Array) });
  });

  it('of a body that is too large is 413', async () => {
    const { body } = await post(JSON.stringify({ email: 'x'.repeat(300 * 1024) })).expect(413);
    expect(body).toEqual({ statusCode: 413, error: 'Payload Too Large', message: expect.any(String) });
  });

  it('of a body of another type is 415', async () => {
    const { body } = await post('<email/>', 'text/xml').expect(415);
    expect(body).toEqual({ statusCode: 415, error: 'Unsupported Media Type', message: expect.any(String) });
  });

  it('of missing credentials is 401, and names the scheme', async () => {
    const { body, headers } = await request(server.url).get('/api/v1/auth/me').expect(401);
    expect(body).toEqual({ statusCode: 401, error: 'Unauthorized', message: expect.any(String) });
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  it('of what is not HTTP is 400 too, and the connection ends', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    socket.write('NOT HTTP\r\n\r\n');
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ statusCode: 400, error: 'Bad Request' });
  });
});
