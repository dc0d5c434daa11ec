import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSWORD, Person } from '../../src/testing/person.js';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.js';

const SAID = 'nobody else may read this';

let dataDir: string;
let server: SpawnedServer;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parlance-test-'));
  server = await spawnServer({ LOG_LEVEL: 'trace' }, dataDir);
});
afterAll(async () => {
  await server.kill('SIGKILL');
  await rm(dataDir, { recursive: true });
});

/** All that the server wrote until now, when it has written of everything before. */
async function written(): Promise<string> {
  await request(server.url).get('/fence').expect(404);
  return server.stdout() + server.stderr();
}

describe('the log', () => {
  it('has a line for each request: method, path without its query, status, time, id', async () => {
    await request(server.url).get('/api/v1/users?query=ada&token=s3cret').set('x-request-id', 'try-1').expect(401);
    const lines = (await written())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ reqId }) => reqId === 'try-1');
    expect(lines).toEqual([
      {
        level: 30,
        time: expect.any(String),
        reqId: 'try-1',
        method: 'GET',
        path: '/api/v1/users',
        status: 401,
        ms: expect.any(Number),
        msg: 'request',
      },
    ]);
  });

  it('tells, for debugging, who connects, joins, leaves and disconnects, what is broadcast, and what failed', async () => {
    const ada = await Person.register(server);
    const socket = await ada.channelsIn('logged');
    const { body: channel } = await ada.rest.get('/conversations/logged').expect(200);
    const message = await ada.rest.say('logged', 'not in the log');
    expect(await socket.next()).toMatchObject({ data: { id: message.id } });
    socket.send({ type: 'leave_channel', channel_id: 'logged' });
    await socket.next();
    socket.raw.send('x'.repeat(70_000));
    expect(await socket.closed).toMatchObject({ code: 1009 });
    const [, id] = new RegExp(`"msg":"(\\S+) connected: channels, user ${ada.id}"`).exec(await written()) ?? [];
    expect(id).toBeDefined();
    await expect.poll(written).toContain(`"msg":"${id} disconnected"`);
    const log = await written();
    expect(log).toContain(`"msg":"${id} joined ${channel.id}"`);
    expect(log).toContain(`"msg":"message.created at 1 in ${channel.id}"`);
    expect(log).toContain(`"msg":"${id} left ${channel.id}"`);
    expect(log).toContain(`"msg":"${id} failed: `);
  });

  it('has no password, no token and nothing that anybody said, at its most talkative', async () => {
    const ada = await Person.register(server);
    const bob = await Person.register(server);
    const conversation = await ada.rest.converse(bob);
    const flat = await bob.flat(`token=${bob.token}`);
    const tribe = await bob.tribeIn(conversation);
    const channel = await ada.channelsIn('general');

    await ada.rest.say(conversation, SAID);
    expect(await flat.next()).toMatchObject({ content: SAID });
    expect(JSON.stringify(await tribe.next())).toContain(SAID);
    flat.send({ conversation_id: 'no such', content: SAID });
    flat.send(`not JSON: ${SAID}`);
    await flat.take(2);
    channel.send({ type: 'unknown', content: SAID });
    await channel.next();
    await ada.rest.post('/messages', { channel_id: '???', content: SAID });
    await ada.rest.post('/auth/refresh', { refresh_token: ada.refreshToken });
    await ada.rest.post('/auth/login', { email: ada.email, password: `wrong ${PASSWORD}` });
    await request(server.url).get(`/api/v1/ws?token=${ada.token}`).expect(404);
    await request(server.url).get(`/%?access_token=${ada.token}`).expect(400);
    await Promise.all([flat.close(), tribe.close(), channel.close()]);

    const log = await written();
    expect(log).toContain('"path":"/api/v1/auth/login"');
    for (const secret of [SAID, PASSWORD, ada.token, ada.refreshToken, bob.token, bob.refreshToken]) {
      expect(log).not.toContain(secret);
    }
  });
});
