import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUuid } from '../../src/common/ids.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ ALLOWED_ORIGINS: 'https://chat.example.com' });
});
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}) => request(server.url).get(path).set(headers);

describe('the id of a request', () => {
  it('is new for each', async () => {
    const answers = await Promise.all([get('/health/live'), get('/nowhere'), get('/')]);
    const ids = answers.map(({ headers }) => headers['x-request-id'] as unknown);
    expect(ids.every(isUuid)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is the one that a proxy gave it, when that can be written to a log', async () => {
    const answer = await get('/health/live', { 'x-request-id': 'edge-7.f_3' });
    expect(answer.headers['x-request-id']).toBe('edge-7.f_3');
  });

  it.each(['a b', '"}', 'x'.repeat(65), ''])('is new when the one given is %j', async (given) => {
    const answer = await get('/health/live', { 'x-request-id': given });
    expect(answer.headers['x-request-id']).toSatisfy(isUuid);
  });
});

describe('every answer', () => {
  it.each(['/', '/health/live', '/nowhere', '/%', '/api/v1/auth/me'])(
    'is taken for what it says it is, and gives no address away (%s)',
    async (path) => {
      const { headers } = await get(path);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    },
  );
});

describe('a web page', () => {
  it.each(['https://chat.example.com', 'http://localhost:5173', 'http://127.0.0.1:8080'])(
    'of %s may use the server',
    async (origin) => {
      const preflight = await request(server.url)
        .options('/api/v1/messages')
        .set({ origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'user-email' })
        .expect(204);
      expect(preflight.headers['access-control-allow-origin']).toBe(origin);
      expect(preflight.headers['access-control-allow-methods']).toContain('PUT');
      expect(preflight.headers['access-control-allow-headers']).toBe(
        'authorization, content-type, user-email, x-request-id',
      );
      expect(preflight.headers).not.toHaveProperty('access-control-allow-credentials');
      expect((await get('/health/live', { origin })).headers['access-control-allow-origin']).toBe(origin);
    },
  );

  it.each(['https://evil.example', 'https://chat.example.com.evil.example', 'null'])(
    'of %s may not',
    async (origin) => {
      const { headers } = await get('/health/live', { origin });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers.vary).toContain('Origin');
    },
  );
});
