import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LeavingIndicator } from '../../src/health/leaving.indicator.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const get = (path: string) => request(server.url).get(path);

describe('health', () => {
  it('says that the process lives, without credentials', async () => {
    const { body } = await get('/health/live').expect(200);
    expect(body).toMatchObject({ status: 'ok' });
  });

  it('says that the server is ready when its database answers', async () => {
    const { body } = await get('/health/ready').expect(200);
    expect(body).toMatchObject({ status: 'ok', info: { database: { status: 'up' } } });
  });

  it('is ready no more, but lives, once the server is told to stop', async () => {
    server.app.get(LeavingIndicator).leave();
    const { body, headers } = await get('/health/ready').expect(503);
    expect(body).toMatchObject({ status: 'error', error: { server: { status: 'down', message: 'is stopping' } } });
    expect(headers['retry-after']).toBe('1');
    await get('/health/live').expect(200);
  });
});
