import type { OpenAPIObject } from '@nestjs/swagger';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../src/testing/conformance/adapters.js';
import { Person } from '../../src/testing/person.js';
import { createDatabase, type OwnDatabase } from '../../src/testing/database.js';
import { Rest } from '../../src/testing/rest.js';
import { Socket } from '../../src/testing/socket.js';
import { SocketIoClient, connectErrorOf } from '../../src/testing/socketio.js';
import { spawnServer, type SpawnedServer } from '../support/spawned-server.js';
import { forge } from './support/tokens.js';
import { frame, upgradeRequest, Wire } from './support/wire.js';

/** In everything that the test says, and nowhere else. */
const SAID = 'zebra-crossing';
const PASSWORD = 'zebra-password-1';
const EMAIL = /person\d+-|zebra-mail/;
const SECRET = 'zebra-secret of at least 32 characters';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

describe('the log of a server, at its most talkative', () => {
  let dataDir: string;
  let database: OwnDatabase | undefined;
  let server: SpawnedServer;
  let people: Person[];
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parlance-test-'));
    const postgres = process.env.PARLANCE_TEST_DATABASE_URL;
    database = postgres ? await createDatabase(postgres) : undefined;
    const settings = { LOG_LEVEL: 'trace', JWT_SECRET: SECRET, RATE_LIMITS: 'off', HEADER_AUTH: 'dev' };
    server = await spawnServer({ ...settings, ...(database && { DATABASE_URL: database.url }) }, dataDir);
    people = await Promise.all(
      ['client', 'provider', 'host', 'member'].map((role) => Person.register(server, { role, full_name: SAID })),
    );
  });
  afterAll(async () => {
    await server.kill('SIGKILL');
    await database?.drop();
    await rm(dataDir, { recursive: true });
  });

  it('tells that everything happened, and nothing of what was said, by whom, or what proves it', async () => {
    await everyDialect();
    await everyRoute();
    await badHandshakes();
    await badRequests();
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    const log = server.stdout() + server.stderr();
    expect(log.split('\n').length).toBeGreaterThan(300);
    const lines = log.split('\n').filter((line) => isTold(line));
    expect(lines.slice(0, 10)).toEqual([]);
  }, 120_000);

  /** Whether a line has anything that must not be in it. */
  function isTold(line: string): boolean {
    const secrets = [
      ...people.flatMap(({ token, refreshToken, email }) => [token, refreshToken, email, token.split('.')[2]!]),
      SAID,
      PASSWORD,
      SECRET,
      'correct horse',
      'eyJ',
      encodeURIComponent('@example.com'),
    ];
    return EMAIL.test(line) || secrets.some((secret) => line.includes(secret));
  }

  /** Everyone hears, says and gets wrong what can be in each dialect. */
  async function everyDialect(): Promise<void> {
    const [ann, bob, ...others] = people as [Person, Person];
    const id = await ann.rest.converse(bob, ...others);
    const { body } = await ann.rest.get(`/conversations/${id}`);
    const conversation = { id, number: body.number as number };
    for (const adapter of ADAPTERS) {
      const client = await adapter.open(bob);
      adapter.enter?.(client, conversation);
      const message = await ann.rest.say(id, `${SAID} in ${adapter.dialect}`);
      await ann.rest.patch(`/messages/${message.id}`, { content: `${SAID} again` }).expect(200);
      await client.untilFence();
      await client.close();
    }
    const { token } = bob;
    const frames = [
      { event: 'message', conversation_id: id, content: SAID, client_message_id: SAID },
      { conversation_id: SAID, content: SAID },
      { conversation_id: id, content: { text: SAID } },
      { event: SAID, token },
      { type: SAID, email: bob.email },
      { event: 'message', sender_id: SAID, params: { conversation_id: id, content: SAID } },
      { event: 'message', sender_id: bob.id, params: { conversation_id: SAID, content: SAID } },
      { event: 'subscribe', conversation_id: bob.email },
      { type: 'join_channel', channel_id: SAID },
      { type: 'join_channel', channel_id: `${SAID} that cannot be` },
      { event: 'presence', status: SAID },
      [SAID],
    ];
    for (const dialect of ['flat', 'tribe', 'channels', 'pets'] as const) {
      const socket = await Socket.open(dialect, `${server.wsUrl}/ws?dialect=${dialect}&token=${token}`);
      for (const each of frames) socket.send(each);
      socket.send(`not JSON: ${SAID} ${token}`);
      await socket.untilFence();
      socket.raw.close(4000, SAID);
      await socket.closed;
    }
    const options = { transports: ['websocket'], auth: { token } };
    const client = await SocketIoClient.open(server.url, options);
    for (const each of frames) client.emit('send_message', each);
    client.emit('send_message', { conversationId: conversation.number, content: SAID });
    client.emit(SAID, token);
    await client.untilFence();
    await client.close();
  }

  /** Every route that there is, with something to hide wherever it takes anything. */
  async function everyRoute(): Promise<void> {
    const { paths } = (await request(server.url).get('/docs-json').expect(200)).body as OpenAPIObject;
    const [ann] = people as [Person];
    for (const [path, item] of Object.entries(paths)) {
      for (const method of METHODS.filter((each) => item[each] && !path.endsWith('/logout'))) {
        for (const [value, body] of bodies(ann)) {
          const address = path.replace(/\{\w+\}/g, encodeURIComponent(value));
          const client = request(server.url);
          const answer = await client[method](
            `${address}?query=${SAID}&token=${ann.token}&cursor=${ann.email}&email=${ann.email}`,
          )
            .set({ authorization: `Bearer ${ann.token}`, 'user-email': ann.email, 'x-request-id': ann.email })
            .set({ cookie: `token=${ann.token}`, referer: `https://x/?token=${ann.token}`, 'user-agent': SAID })
            .send(method === 'get' ? undefined : body);
          expect(answer.status, `${method} ${address}`).toBeLessThan(500);
        }
      }
    }
    const nobody = new Rest(server.url, {});
    const credentials = { email: 'zebra-mail@example.com', password: PASSWORD };
    await nobody.post('/auth/login', credentials).expect(401);
    const { body } = await nobody.post('/auth/register', credentials).expect(201);
    await nobody.post('/auth/register', credentials).expect(409);
    await nobody.post('/auth/refresh', { refresh_token: body.refresh_token as string }).expect(200);
    await nobody.post('/auth/refresh', { refresh_token: body.refresh_token as string }).expect(401);
    const cleo = await Person.register(server);
    people.push(cleo);
    await cleo.rest.post('/auth/logout').expect(204);
    await cleo.rest.get('/auth/me').expect(401);
  }

  /** What stands for a parameter, and what is sent as a body. */
  function bodies({ token, email, refreshToken, id }: Person): [value: string, body: object | string][] {
    const keys = ['email', 'password', 'content', 'title', 'slug', 'name', 'message', 'link', 'username', 'full_name'];
    const ids = ['conversation_id', 'channel_id', 'user_id', 'participant_ids', 'user_ids', 'refresh_token'];
    const all = (value: unknown): object => Object.fromEntries([...keys, ...ids].map((key) => [key, value]));
    return [
      [id, { ...all(SAID), email: 'zebra-mail@example.com', password: 'short' }],
      [`${SAID} and more`, all([SAID, token])],
      [email, all({ [SAID]: email })],
      [token, all(token)],
      [refreshToken, `{"content":"${SAID}`],
      [`${SAID}\0`, [SAID]],
    ];
  }

  async function badHandshakes(): Promise<void> {
    const [{ token, email, refreshToken }] = people as [Person];
    const forged = forge(`${SECRET}!`);
    for (const path of ['/ws', '/ws/', '/api/v1/ws', `/ws/dashboard/${email}`, `/${token}`, '/socket.io/', '/%']) {
      for (const each of [forged, refreshToken, `${token}x`, email]) {
        const headers: Record<string, string>[] = [
          { Authorization: `Bearer ${each}` },
          { 'User-Email': `${email}, ${email}` },
          { 'Sec-WebSocket-Protocol': `parlance, bearer.${each}` },
          { Origin: `https://${SAID}.example` },
          { 'Sec-WebSocket-Version': SAID },
        ];
        for (const header of headers) {
          const wire = await Wire.open(server.url);
          wire.write(upgradeRequest(`${path}?token=${each}&channel_id=${email}`, header));
          await wire.until('\r\n\r\n');
          wire.destroy();
        }
      }
    }
    for (const transport of ['websocket', 'polling']) {
      await connectErrorOf(server.url, { transports: [transport], auth: { token: forged }, query: { token } });
    }
    const wire = await Wire.upgrade(server.url, `/ws?token=${token}`);
    wire.write(Buffer.concat([frame(SAID, { reserved: 7 }), Buffer.from(SAID)]));
    await wire.closeCode();
  }

  async function badRequests(): Promise<void> {
    const [{ token, email }] = people as [Person];
    const requests = [
      `${SAID} ${token}\r\n\r\n`,
      `GET /${SAID}/${email} HTTP/9\r\nAuthorization: Bearer ${token}\r\n\r\n`,
      `GET /%E0%A4%A?token=${token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      `GET /api/v1/users/${email}/%E0?x=${SAID} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      `GET //${email}@x/ HTTP/1.1\r\nHost: ${email}\r\nConnection: close\r\n\r\n`,
      `GET http://${email}:${SAID}@x/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      `${SAID.toUpperCase()} / HTTP/1.1\r\nHost: x\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token.repeat(60)}\r\n\r\n`,
      `POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n${SAID}`,
      `POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${SAID}`,
    ];
    for (const each of requests) {
      const wire = await Wire.open(server.url);
      wire.write(each);
      await wire.closed;
      expect(wire.received.toString()).toMatch(/^HTTP\/1\.1 [24]/);
    }
  }
});
