import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerAdmin } from '../../src/testing/admin.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { SocketIoClient } from '../../src/testing/socketio.js';

const NOBODY = '0193a1c8-6f0e-7c3a-9b1d-2f4e6a8c0d12';

describe('An admin', () => {
  let server: TestServer;
  let admin: Person;
  let ann: Person;
  beforeAll(async () => {
    server = await startServer({ RATE_LIMITS: 'off' });
    admin = await registerAdmin(server);
    ann = await Person.register(server, { username: 'ann' });
  });
  afterAll(() => server.close());

  const connectionsOf = async (person: { id: string }): Promise<Record<string, unknown>[]> =>
    (await admin.rest.get(`/admin/connections?user=${person.id}`).expect(200)).body.data;

  it('sees who is connected, how, and since when', async () => {
    const before = Date.now();
    const socket = await ann.flat('ext=resume,ack', {
      headers: { authorization: `Bearer ${ann.token}`, 'user-agent': 'okhttp/4.12.0' },
    });
    await socket.untilFence();
    const [connection, ...others] = await connectionsOf(ann);
    expect(others).toEqual([]);
    expect(connection).toMatchObject({
      dialect: 'flat',
      transport: 'websocket',
      user: { id: ann.id, username: 'ann', number: expect.any(Number) },
      signed_in_by: 'authorization',
      network: 'loopback',
      user_agent: 'okhttp/4.12.0',
      extensions: ['ack', 'resume'],
      resumable: true,
      conversations: 0,
      received: 1,
      sent: 1,
      unread_bytes: 0,
    });
    expect(Date.parse(connection!['since'] as string)).toBeGreaterThanOrEqual(before - 1);
    await admin.rest.get(`/admin/connections/${connection!['id'] as string}`).expect(200, connection);
    await socket.close();
    expect(await connectionsOf(ann)).toEqual([]);
  });

  it('sees from where each dialect has its token, and how it is carried', async () => {
    const id = await ann.rest.converse(admin);
    const sockets = [
      await ann.tribeIn(id),
      await ann.channels(),
      await ann.pets('', { protocols: ['parlance.pets', `bearer.${ann.token}`] }),
      await ann.flat(`access_token=${ann.token}`, {}),
    ];
    const polling = await SocketIoClient.open(server.url, { transports: ['polling'], auth: { token: ann.token } });
    const seen = (await connectionsOf(ann)).map(({ dialect, signed_in_by, transport, conversations }) => [
      dialect,
      signed_in_by,
      transport,
      conversations,
    ]);
    expect(seen).toEqual([
      ['tribe', 'token', 'websocket', 1],
      ['channels', 'user-email', 'websocket', 0],
      ['pets', 'subprotocol', 'websocket', 1],
      ['flat', 'access_token', 'websocket', 1],
      ['socketio', 'auth', 'polling', 0],
    ]);
    await polling.close();
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  it('goes through them page by page, by dialect and by node', async () => {
    const bob = await Person.register(server);
    const sockets = [await bob.flat(), await bob.tribe(), await bob.flat(), await bob.flat()];
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/admin/connections?user=${bob.id}&dialect=flat&limit=2${cursor && `&cursor=${cursor}`}`;
      const { body }: { body: { data: { id: string }[]; next_cursor: string | null } } = await admin.rest
        .get(path)
        .expect(200);
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    expect(seen).toHaveLength(3);
    expect(seen).toEqual(seen.toSorted());
    const [{ node }] = (await connectionsOf(bob)) as [{ node: string }];
    const here = await admin.rest.get(`/admin/connections?user=${bob.id}&node=${node}`).expect(200);
    expect(here.body.data).toHaveLength(4);
    const elsewhere = await admin.rest.get(`/admin/connections?node=${NOBODY}`).expect(200);
    expect(elsewhere.body).toEqual({ data: [], next_cursor: null, silent_nodes: [] });
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  it('sees how much waits for a client that does not read', async () => {
    const bob = await Person.register(server);
    const id = await bob.rest.converse(ann);
    const socket = await bob.flat();
    socket.raw.pause();
    let unsent = 0;
    while (unsent === 0) {
      await Promise.all(Array.from({ length: 20 }, () => ann.rest.say(id, '€'.repeat(4_000))));
      const [connection] = await connectionsOf(bob);
      if (!connection) break; // it was cut off before
      unsent = connection['unread_bytes'] as number;
    }
    expect(unsent).toBeGreaterThan(0);
    socket.raw.resume();
    await socket.close();
  }, 60_000);

  it('disconnects one connection, with 1008, and no other', async () => {
    const bob = await Person.register(server);
    const [one, other] = [await bob.flat(), await bob.flat()];
    const [{ id }] = (await connectionsOf(bob)) as [{ id: string }];
    await admin.rest.delete(`/admin/connections/${id}`).expect(204);
    expect(await one.closed).toEqual({ code: 1008, reason: 'disconnected by an administrator' });
    expect(await other.untilFence()).toEqual([]);
    await admin.rest.delete(`/admin/connections/${id}`).expect(404);
    await admin.rest.get(`/admin/connections/${id}`).expect(404);
    await other.close();
  });

  it('disconnects a user, who may come back', async () => {
    const bob = await Person.register(server);
    const sockets = [await bob.flat(), await bob.tribe(), await bob.pets()];
    const socketIo = await SocketIoClient.open(server.url, { transports: ['websocket'], auth: { token: bob.token } });
    const anns = await ann.flat();
    const { body } = await admin.rest.post(`/admin/users/${bob.id}/disconnect`).expect(200);
    expect(body).toEqual({ user_id: bob.id, connections: 4 });
    for (const socket of sockets) {
      expect(await socket.closed).toEqual({ code: 1008, reason: 'disconnected by an administrator' });
    }
    expect(await socketIo.disconnected).toBe('io server disconnect');
    expect(await anns.untilFence()).toEqual([]);
    const again = await bob.flat();
    expect(await again.untilFence()).toEqual([]);
    await Promise.all([again.close(), anns.close()]);
  });

  it('sees the node, and how it is', async () => {
    const socket = await ann.flat();
    const { body } = await admin.rest.get('/admin/nodes').expect(200);
    expect(body).toEqual({
      data: [
        {
          id: expect.any(String),
          host: expect.any(String),
          version: expect.stringMatching(/^\d+\.\d+\.\d+/),
          since: expect.any(String),
          connections: 1,
          event_loop_delay_ms: { p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) },
          bus: process.env.PARLANCE_TEST_REDIS_URL ? 'ok' : 'none',
          database: 'ok',
        },
      ],
      next_cursor: null,
      silent_nodes: [],
    });
    await socket.close();
  });

  it.each([
    ['get', '/admin/connections'],
    ['get', `/admin/connections/${NOBODY}`],
    ['delete', `/admin/connections/${NOBODY}`],
    ['post', `/admin/users/${NOBODY}/disconnect`],
    ['get', '/admin/nodes'],
    ['get', '/admin/usage'],
  ] as const)('alone may %s %s', async (method, path) => {
    await ann.rest[method](path).expect(403);
  });

  it.each([
    ['get', '/admin/connections?user=ann', 400],
    ['get', `/admin/connections?user=${NOBODY}`, 404],
    ['get', '/admin/connections?dialect=No%20dialect', 400],
    ['get', '/admin/connections?node=1', 400],
    ['get', '/admin/connections?limit=0', 400],
    ['get', '/admin/connections?cursor=x', 400],
    ['get', '/admin/connections/1', 400],
    ['delete', '/admin/connections/1', 400],
    ['delete', `/admin/connections/${NOBODY}`, 404],
    ['post', `/admin/users/${NOBODY}/disconnect`, 404],
    ['post', '/admin/users/ann/disconnect', 400],
    ['get', '/admin/nodes?cursor=x', 400],
    ['get', '/admin/usage?from=2026-02-31', 400],
    ['get', '/admin/usage?cursor=x', 400],
    ['get', '/admin/usage?way=A', 400],
  ] as const)('is refused %s %s with %i', async (method, path, status) => {
    await admin.rest[method](path).expect(status);
  });
});
