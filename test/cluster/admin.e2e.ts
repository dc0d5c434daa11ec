import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerAdmin } from '../../src/testing/admin.js';
import { Person } from '../../src/testing/person.js';
import type { Socket } from '../../src/testing/socket.js';
import { type Pair, startPair } from './pair.js';

/** Milliseconds in which what crosses nodes has crossed, on a slow machine; nothing waits so long where it works. */
const SOON = { timeout: 15_000, interval: 50 };

interface Answer {
  data: { id: string; node: string }[];
  next_cursor: string | null;
  silent_nodes: string[];
}

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
  /** What both nodes have to say: on a busy machine one of them may be late, and is named. */
  const fromBoth = async (path: string, by = admin): Promise<Answer> => {
    let answer: Answer | undefined;
    await vi.waitUntil(async () => {
      answer = (await by.rest.get(path).expect(200)).body;
      return answer?.silent_nodes.length === 0;
    }, SOON);
    return answer!;
  };
  const connections = async (): Promise<Answer['data']> => (await fromBoth(`/admin/connections?user=${bob.id}`)).data;

  it('sees both, and the connections of both in one order', async () => {
    await bobAtBoth();
    const nodes = await fromBoth('/admin/nodes');
    expect(nodes.data).toMatchObject([{ bus: 'ok', database: 'ok' }, { bus: 'ok' }]);
    const seen = await connections();
    expect(seen.map(({ node }) => node)).toEqual(nodes.data.map(({ id }) => id));
    const page = await fromBoth(`/admin/connections?user=${bob.id}&limit=1`);
    const rest = await fromBoth(`/admin/connections?user=${bob.id}&cursor=${page.next_cursor}`);
    expect([...page.data, ...rest.data]).toEqual(seen);
  });

  it('disconnects one connection to the other node', async () => {
    const [here, there] = await bobAtBoth();
    const [, { id }] = (await connections()) as [object, { id: string }];
    await admin.rest.delete(`/admin/connections/${id}`).expect(204);
    expect((await there.closed).code).toBe(1008);
    expect(await here.untilFence()).toEqual([]);
    await admin.rest.delete(`/admin/connections/${id}`).expect(404);
  });

  it('disconnects a user at both', async () => {
    const both = await bobAtBoth();
    await expect.poll(async () => (await connections()).length, SOON).toBe(2);
    const { body } = await admin.rest.post(`/admin/users/${bob.id}/disconnect`).expect(200);
    expect(body).toEqual({ user_id: bob.id, connections: expect.any(Number) });
    for (const socket of both) expect((await socket.closed).code).toBe(1008);
  });

  it('has the usage of both in one sum', async () => {
    const client = { 'user-agent': 'pair/1' };
    for (const person of [await bob.login(pair.a), bob]) {
      const headers = { authorization: `Bearer ${person.token}`, ...client };
      await (await opened(person.flat('', { headers }))).untilFence();
    }
    const { data } = await fromBoth('/admin/usage?client=pair/1');
    expect(data).toMatchObject([{ connections: 2, received: 2, sent: 2 }]);
  });

  it('has what was used while the database was away as soon as it is back', async () => {
    const elsewhere = await admin.login(pair.b);
    const usage = async (): Promise<{ data: object[]; silent_nodes: string[] }> =>
      (await elsewhere.rest.get('/admin/usage?client=pair/2').expect(200)).body;
    pair.a.faults.database.cut();
    await request(pair.a.url).get('/api/v1/channels').set('user-agent', 'pair/2').expect(401);
    expect((await usage()).silent_nodes).toHaveLength(1);
    await pair.a.faults.database.open();
    const { data } = await fromBoth('/admin/usage?client=pair/2', elsewhere);
    expect(data).toMatchObject([{ dialect: 'rest', received: 1 }]);
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
