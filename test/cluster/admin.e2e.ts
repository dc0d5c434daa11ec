import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerAdmin } from '../../src/testing/admin.js';
import { Person } from '../../src/testing/person.js';
import type { Socket } from '../../src/testing/socket.js';
import { type Pair, startPair } from './pair.js';

/** Milliseconds in which what crosses nodes has crossed, on a slow machine; nothing waits so long where it works. */
const SOON = { timeout: 15_000, interval: 50 };

describe('An admin of two nodes', () => {
  let pair: Pair;
  let admin: Person; // at node a
  let bob: Person; // at node b
  let sockets: Socket[] = [];
  beforeAll(async () => {
    pair = await startPair();
    admin = await registerAdmin(pair.a);
    bob = await Person.register(pair.b);
    const nodes = async (): Promise<object[]> => (await admin.rest.get('/admin/nodes').expect(200)).body.data;
    await vi.waitUntil(async () => (await nodes()).length === 2, SOON);
  });
  afterEach(async () => {
    await Promise.all(sockets.splice(0).map((socket) => socket.close()));
  });
  afterAll(() => pair.close());

  const opened = async (opening: Promise<Socket>): Promise<Socket> => {
    const socket = await opening;
    sockets.push(socket);
    return socket;
  };
  const bobAtBoth = async (): Promise<[Socket, Socket]> => [
    await opened((await bob.login(pair.a)).flat()),
    await opened(bob.flat()),
  ];
  const connections = async (): Promise<{ id: string; node: string }[]> =>
    (await admin.rest.get(`/admin/connections?user=${bob.id}`).expect(200)).body.data;

  it('sees both, and the connections of both in one order', async () => {
    await bobAtBoth();
    const nodes = (await admin.rest.get('/admin/nodes').expect(200)).body;
    expect(nodes).toMatchObject({ data: [{ bus: 'ok', database: 'ok' }, { bus: 'ok' }], silent_nodes: [] });
    const seen = await connections();
    expect(seen.map(({ node }) => node)).toEqual(nodes.data.map(({ id }: { id: string }) => id));
    const page = await admin.rest.get(`/admin/connections?user=${bob.id}&limit=1`).expect(200);
    const rest = await admin.rest.get(`/admin/connections?user=${bob.id}&cursor=${page.body.next_cursor}`).expect(200);
    expect([...page.body.data, ...rest.body.data]).toEqual(seen);
  });

  it('disconnects one connection to the other node', async () => {
    const [here, there] = await bobAtBoth();
    const [, { id }] = (await connections()) as [object, { id: string }];
    await admin.rest.get(`/admin/connections/${id}`).expect(200);
    await admin.rest.delete(`/admin/connections/${id}`).expect(204);
    expect((await there.closed).code).toBe(1008);
    expect(await here.untilFence()).toEqual([]);
    await admin.rest.delete(`/admin/connections/${id}`).expect(404);
  });

  it('disconnects a user at both', async () => {
    const both = await bobAtBoth();
    await expect.poll(async () => (await connections()).length, SOON).toBe(2);
    const { body } = await admin.rest.post(`/admin/users/${bob.id}/disconnect`).expect(200);
    expect(body).toEqual({ user_id: bob.id, connections: 2 });
    for (const socket of both) expect((await socket.closed).code).toBe(1008);
  });

  it('has the usage of both in one sum', async () => {
    const client = { 'user-agent': 'pair/1' };
    for (const person of [await bob.login(pair.a), bob]) {
      const headers = { authorization: `Bearer ${person.token}`, ...client };
      await (await opened(person.flat('', { headers }))).untilFence();
    }
    const { body } = await admin.rest.get('/admin/usage?client=pair/1').expect(200);
    expect(body).toMatchObject({ data: [{ connections: 2, received: 2, sent: 2 }], silent_nodes: [] });
  });

  it('has what was used while the database was away as soon as it is back', async () => {
    const elsewhere = await admin.login(pair.b);
    const usage = async (): Promise<{ data: object[]; silent_nodes: string[] }> =>
      (await elsewhere.rest.get('/admin/usage?client=pair/2').expect(200)).body;
    pair.a.faults.database.cut();
    await request(pair.a.url).get('/api/v1/channels').set('user-agent', 'pair/2').expect(401);
    expect((await usage()).silent_nodes).toHaveLength(1);
    await pair.a.faults.database.open();
    await vi.waitUntil(async () => (await usage()).silent_nodes.length === 0, SOON);
    expect((await usage()).data).toMatchObject([{ dialect: 'rest', received: 1 }]);
  }, 60_000);

  it('is told, while Redis is away, which node is silent, and disconnects a user at both all the same', async () => {
    const [here, there] = await bobAtBoth();
    const [, { id, node }] = (await connections()) as [object, { id: string; node: string }];
    pair.a.faults.bus.cut();
    await expect.poll(async () => (await admin.rest.get('/admin/nodes')).body.data[0].bus, SOON).toBe('away');
    for (const path of ['/admin/nodes', '/admin/connections', '/admin/usage']) {
      const { body } = await admin.rest.get(path).expect(200);
      expect(body.silent_nodes, path).toEqual([node]);
    }
    await admin.rest.delete(`/admin/connections/${id}`).expect(503);
    await admin.rest.post(`/admin/users/${bob.id}/disconnect`).expect(200);
    for (const socket of [here, there]) expect((await socket.closed).code).toBe(1008);
    const again = await opened(bob.flat()); // it is not disconnected once more by what is in the journal
    await pair.a.faults.bus.open();
    await expect.poll(async () => (await admin.rest.get('/admin/nodes')).body.silent_nodes, SOON).toEqual([]);
    expect(await again.untilFence()).toEqual([]);
  }, 60_000);
});
