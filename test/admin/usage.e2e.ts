import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { registerAdmin } from '../../src/testing/admin.js';
import { Person } from '../../src/testing/person.js';
import { createDatabase } from '../../src/testing/database.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { Socket } from '../../src/testing/socket.js';
import { SocketIoClient } from '../../src/testing/socketio.js';

interface Usage {
  day: string;
  dialect: string;
  client: string;
  connections: number;
  received: number;
  sent: number;
  old_ways: Record<string, number>;
}

let clients = 0;
/** A client that no test has met. */
const newClient = (): string => `suite/${++clients}`;

async function usageOf(admin: Person, query: string): Promise<Usage[]> {
  const { body } = await admin.rest.get(`/admin/usage?${query}`).expect(200);
  return body.data as Usage[];
}

describe('The usage that an admin sees', () => {
  let server: TestServer;
  let admin: Person;
  let ann: Person;
  beforeAll(async () => {
    server = await startServer({ RATE_LIMITS: 'off' });
    admin = await registerAdmin(server);
    ann = await Person.register(server);
  });
  afterAll(() => server.close());

  const today = (): string => new Date().toISOString().slice(0, 10);
  const ofClient = (client: string): Promise<Usage[]> => usageOf(admin, `client=${encodeURIComponent(client)}`);
  const bearer = (client: string): Record<string, string> => ({
    authorization: `Bearer ${ann.token}`,
    'user-agent': client,
  });

  it('has the connections and frames of each dialect, by client, at once', async () => {
    const client = newClient();
    const sockets = [await ann.flat('', { headers: bearer(client) }), await ann.pets('', { headers: bearer(client) })];
    for (const socket of [...sockets, sockets[0]!]) await socket.untilFence();
    const common = { day: today(), client, connections: 1, old_ways: {} };
    expect(await ofClient(client)).toEqual([
      { ...common, dialect: 'flat', received: 2, sent: 2 },
      { ...common, dialect: 'pets', received: 1, sent: 1 },
    ]);
    await sockets[1]!.untilFence();
    await Promise.all(sockets.map((socket) => socket.close()));
    expect(await usageOf(admin, `client=${client}&dialect=pets`)).toEqual([
      { ...common, dialect: 'pets', received: 2, sent: 2 },
    ]);
  });

  it('counts a token in the address, under both its names', async () => {
    const client = newClient();
    const headers = { 'user-agent': client };
    const url = `${server.wsUrl}/api/v1/ws`;
    const sockets = [
      await Socket.open('tribe', `${url}?token=${ann.token}`, { headers }),
      await Socket.open('tribe', `${url}?token=${ann.token}`, { headers }),
      await Socket.open('tribe', `${url}?access_token=${ann.token}`, { headers }),
    ];
    await Promise.all(sockets.map((socket) => socket.close()));
    const [usage] = await ofClient(client);
    expect(usage).toMatchObject({ dialect: 'tribe', connections: 3 });
    expect(usage!.old_ways).toEqual({ 'query-token': 2, 'query-access-token': 1 });
  });

  it('counts a user who is named by a header, at a socket and by REST', async () => {
    const client = newClient();
    const headers = { 'user-agent': client, 'user-email': ann.email };
    const socket = await Socket.open('channels', `${server.wsUrl}/api/v1/ws`, { headers });
    await socket.close();
    await request(server.url).get('/api/v1/channels').set(headers).expect(200);
    await request(server.url).get('/api/v1/channels').set(bearer(client)).expect(200);
    const [ofSocket, ofRest] = await ofClient(client);
    expect(ofSocket).toMatchObject({ dialect: 'channels', connections: 1, old_ways: { 'user-email': 1 } });
    expect(ofRest).toMatchObject({ dialect: 'rest', connections: 0, received: 2, old_ways: { 'user-email': 1 } });
  });

  it('counts addresses that are another dialect’s, or have a slash more', async () => {
    const client = newClient();
    const corrected = await ann.pets('', { headers: bearer(client) });
    corrected.correct('flat', { conversation_id: '0193a1c8-6f0e-7c3a-9b1d-2f4e6a8c0d12', content: 'Hello' });
    expect(await corrected.next()).toMatchObject({ event: 'error' });
    await corrected.close();
    const slashed = await Socket.open('tribe', `${server.wsUrl}/api/v1/ws/`, { headers: bearer(client) });
    await slashed.close();
    const usage = await ofClient(client);
    expect(usage.map(({ dialect, old_ways }) => [dialect, old_ways])).toEqual([
      ['flat', { 'first-frame': 1 }],
      ['tribe', { 'path-slash': 1 }],
    ]);
  });

  it('counts clients of Socket.IO that poll until their end', async () => {
    const client = newClient();
    for (const transports of [['polling'], ['websocket']]) {
      const extraHeaders = { 'user-agent': client };
      const socket = await SocketIoClient.open(server.url, { transports, auth: { token: ann.token }, extraHeaders });
      await socket.untilFence();
      await socket.close();
    }
    await expect
      .poll(() => ofClient(client), { timeout: 15_000 })
      .toMatchObject([{ dialect: 'socketio', connections: 2, old_ways: { polling: 1 } }]);
  });

  it('counts what a dialect’s document has and its clients leave out', async () => {
    const client = newClient();
    const id = await ann.rest.converse(admin);
    const socket = await Socket.open('tribe', `${server.wsUrl}/api/v1/ws`, { headers: bearer(client) });
    socket.send({ event: 'subscribe', channel: 'conversation', conversation_id: id });
    for (let times = 0; times < 3; times++) socket.send({ event: 'subscribe', conversation_id: id });
    await socket.untilFence();
    await socket.close();
    expect((await ofClient(client))[0]!.old_ways).toEqual({ 'subscribe-without-channel': 3 });
  });

  it('counts the routes of REST that others do as well', async () => {
    const client = newClient();
    const rest = request(server.url);
    const { body } = await rest
      .post('/api/v1/messages')
      .set(bearer(client))
      .send({ channel_id: 'counted', content: 'Hello' })
      .expect(201);
    await rest.put(`/api/v1/messages/${body.id}`).set(bearer(client)).send({ content: 'Again' }).expect(200);
    await rest.patch(`/api/v1/messages/${body.id}`).set(bearer(client)).send({ content: 'Anew' }).expect(200);
    await rest.get('/api/v1/channels/counted/messages').set(bearer(client)).expect(200);
    expect(await ofClient(client)).toMatchObject([
      {
        dialect: 'rest',
        received: 4,
        old_ways: { 'message-by-channel': 1, 'put-message': 1, 'messages-by-slug': 1 },
      },
    ]);
  });

  it('is of those who used a way, where one asks for that', async () => {
    const client = newClient();
    await request(server.url).put(`/api/v1/messages/${ann.id}`).set(bearer(client)).send({ content: 'x' }).expect(404);
    const found = await usageOf(admin, 'way=put-message&dialect=rest&limit=100');
    expect(found.map((usage) => usage.client)).toContain(client);
    expect(found.every(({ old_ways }) => old_ways['put-message']! > 0)).toBe(true);
    expect(await usageOf(admin, 'way=nobody-does')).toEqual([]);
  });

  it('is of some days, page by page', async () => {
    const client = newClient();
    await server.app.get(DataSource).query(
      `INSERT INTO usage (day, dialect, client, what, count)
       SELECT now()::date - back, dialect, $1, 'connections', back
       FROM generate_series(10, 12) back, unnest(array['flat', 'pets']) dialect`,
      [client],
    );
    const seen: [number, string][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/admin/usage?client=${client}&limit=2${cursor && `&cursor=${cursor}`}`;
      const { body }: { body: { data: Usage[]; next_cursor: string | null } } = await admin.rest.get(path).expect(200);
      seen.push(...body.data.map(({ connections, dialect }): [number, string] => [connections, dialect]));
      cursor = body.next_cursor;
    }
    expect(seen.map(String)).toEqual(['10,flat', '10,pets', '11,flat', '11,pets', '12,flat', '12,pets']);
    const day = (back: number): string => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
    expect(await usageOf(admin, `client=${client}&from=${day(11)}&to=${day(11)}`)).toMatchObject([
      { day: day(11), dialect: 'flat' },
      { day: day(11), dialect: 'pets' },
    ]);
  });

  it('tells 500 clients of a day apart, and sums up the others', async () => {
    const prefix = newClient();
    for (let part = 0; part < 52; part++) {
      const some = Array.from({ length: 10 }, (_, index) =>
        request(server.url)
          .get('/api/v1/auth/me')
          .set(bearer(`${prefix}-${part}-${index}`))
          .expect(200),
      );
      await Promise.all(some);
    }
    await usageOf(admin, 'limit=1');
    const rows: { client: string }[] = await server.app
      .get(DataSource)
      .query(`SELECT DISTINCT client FROM usage WHERE day = $1`, [today()]);
    const names = rows.map(({ client }) => client);
    expect(names).toContain('other');
    expect(names.filter((client) => client !== 'other')).toHaveLength(500);
    const [other] = await usageOf(admin, 'client=other&dialect=rest');
    expect(other!.received).toBeGreaterThanOrEqual(20);
  }, 60_000);
});

describe('The usage that was counted', () => {
  const removals: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const remove of removals.splice(0).toReversed()) await remove();
  });

  it('survives a graceful stop, and is added to afterwards; what is older than 90 days is forgotten', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parlance-test-'));
    removals.push(() => rm(dataDir, { recursive: true }));
    const postgres = process.env.PARLANCE_TEST_DATABASE_URL;
    const database = postgres ? await createDatabase(postgres) : undefined;
    if (database) removals.push(() => database.drop());
    const settings = { DATA_DIR: dataDir, ...(database && { DATABASE_URL: database.url }) };
    const client = newClient();
    const before = await startServer(settings);
    const admin = await registerAdmin(before);
    const open = (server: TestServer): Promise<Socket> =>
      Socket.open('flat', `${server.wsUrl}/ws`, {
        headers: { authorization: `Bearer ${admin.token}`, 'user-agent': client },
      });
    await before.app.get(DataSource).query(
      `INSERT INTO usage VALUES (now()::date - 100, 'flat', 'ancient', 'connections', 1),
         (now()::date - 80, 'flat', 'old', 'connections', 1)`,
    );
    const socket = await open(before);
    await socket.untilFence();
    await before.close();
    expect((await socket.closed).code).toBe(1012);

    const after = await startServer(settings);
    removals.push(() => after.close());
    await (await open(after)).close();
    const again = await admin.login(after);
    expect(await usageOf(again, `client=${client}`)).toMatchObject([{ connections: 2, received: 1, sent: 1 }]);
    expect(await usageOf(again, 'client=ancient')).toEqual([]);
    expect(await usageOf(again, 'client=old')).toHaveLength(1);
  }, 60_000);
});
