import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../src/testing/application.js';

const PER_ACCOUNT = 60;

let server: TestServer;
afterEach(() => server.close());

const login = (email: string) =>
  request(server.url).post('/api/v1/auth/login').send({ email, password: 'correct horse' });

async function statusesOf(count: number, email: string): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: count }, () => login(email)));
  return answers.map(({ status }) => status);
}

describe('guessing passwords', () => {
  it('is limited for each account, and says for how long', async () => {
    server = await startServer({ RATE_LIMITS: 'on' });
    expect(new Set(await statusesOf(PER_ACCOUNT, 'ada@example.com'))).toEqual(new Set([401]));
    const { body, headers } = await login('ADA@example.com').expect(429);
    expect(body).toEqual({ statusCode: 429, error: 'Too Many Requests', message: expect.any(String) });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    await login('bob@example.com').expect(401);
  });

  it('is not limited when RATE_LIMITS is off', async () => {
    server = await startServer({ RATE_LIMITS: 'off' });
    expect(new Set(await statusesOf(PER_ACCOUNT + 5, 'ada@example.com'))).toEqual(new Set([401]));
  });
});
