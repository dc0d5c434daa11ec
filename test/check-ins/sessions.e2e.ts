import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { registerAdmin } from '../../src/testing/admin.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

let server: TestServer;
let admin: Person;
let host: Person;

beforeAll(async () => {
  server = await startServer();
  admin = await registerAdmin(server);
  host = await Person.register(server, { role: 'host' });
});
afterAll(() => server.close());

describe('POST /sessions', () => {
  it('makes a session of which the one who asks is the host', async () => {
    const starts_at = '2026-11-05T18:30:00+01:00';
    const { body } = await host.rest
      .post('/sessions', { title: ' Opening ', dashboard_access: 'host', starts_at, host_id: admin.id })
      .expect(201);
    expect(body).toEqual({
      id: expect.any(String),
      title: 'Opening',
      host_id: host.id,
      dashboard_access: 'host',
      starts_at: '2026-11-05T17:30:00.000Z',
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((await host.rest.get(`/sessions/${body.id}`).expect(200)).body).toEqual(body);
  });

  it('lets everyone watch unless it is told', async () => {
    const { body } = await admin.rest.post('/sessions', { title: 'Opening', starts_at: null }).expect(201);
    expect(body).toMatchObject({ host_id: admin.id, dashboard_access: 'public', starts_at: null });
  });

  it.each([{}, { title: '' }, { title: 'x', dashboard_access: 'private' }, { title: 'x', starts_at: 'tomorrow' }])(
    'refuses %j',
    async (session) => {
      const { body } = await host.rest.post('/sessions', session).expect(400);
      expect(body).toEqual({ statusCode: 400, error: 'Bad Request', message: [expect.any(String)] });
    },
  );

  it.each(['member', 'client', 'provider'])('is not for the role %s', async (role) => {
    const { rest } = await Person.register(server, { role });
    await rest.post('/sessions', { title: 'Opening' }).expect(403);
  });

  it('needs credentials', async () => {
    await request(server.url).post('/api/v1/sessions').send({ title: 'Opening' }).expect(401);
  });
});

describe.each(['', '/check-ins', '/dashboard'])('GET /sessions/:id%s', (path) => {
  it("is for the session's host and admins", async () => {
    const { body } = await host.rest.post('/sessions', { title: 'Opening' }).expect(201);
    await host.rest.get(`/sessions/${body.id}${path}`).expect(200);
    await admin.rest.get(`/sessions/${body.id}${path}`).expect(200);
    for (const role of ['host', 'member']) {
      const { rest } = await Person.register(server, { role });
      await rest.get(`/sessions/${body.id}${path}`).expect(403);
    }
    await request(server.url).get(`/api/v1/sessions/${body.id}${path}`).expect(401);
  });

  it('does not find a session that does not exist', async () => {
    const { body } = await host.rest.get(`/sessions/${newId()}${path}`).expect(404);
    expect(body).toEqual({ statusCode: 404, error: 'Not Found', message: 'Session not found' });
  });

  it.each(['x', '42', '%00'])('refuses %s as malformed', async (id) => {
    await host.rest.get(`/sessions/${id}${path}`).expect(400);
  });
});
