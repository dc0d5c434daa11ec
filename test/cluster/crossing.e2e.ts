import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../src/testing/client.js';
import { ADAPTERS } from '../../src/testing/conformance/adapters.js';
import { Person } from '../../src/testing/person.js';
import { type Pair, startPair } from './pair.js';

/** Milliseconds in which what crosses nodes has crossed, on a slow machine; nothing waits so long where it works. */
const SOON = { timeout: 8_000, interval: 20 };

describe('two nodes', () => {
  let pair: Pair;
  let ann: Person; // at node a
  let bob: Person; // at node b
  beforeAll(async () => {
    pair = await startPair({ PRESENCE_GRACE: '50ms' });
    ann = await Person.register(pair.a);
    bob = await Person.register(pair.b);
  });
  afterAll(() => pair.close());

  describe.each(ADAPTERS)('with a client of $dialect at one of them', (adapter) => {
    it('show it what is sent at the other, each once and in order', async () => {
      const { body } = await ann.rest.post('/conversations', { kind: 'group', participant_ids: [bob.id] }).expect(201);
      const client: Client<unknown> = await adapter.open(bob);
      adapter.enter?.(client, body);
      await client.untilFence();
      const contents = Array.from({ length: 30 }, (_, index) => `message ${index}`);
      await Promise.all(contents.map((content) => ann.rest.say(body.id, content)));
      const heard: string[] = [];
      await vi.waitFor(async () => {
        for (const frame of await client.untilFence()) {
          const what = adapter.heardIn(frame);
          if (what) heard.push(what);
        }
        expect(heard).toHaveLength(30);
      }, SOON);
      const stored = await bob.rest.get(`/conversations/${body.id}/messages?after=0`).expect(200);
      expect(heard).toEqual(stored.body.data.map(({ content }: { content: string }) => `new ${content}`));
      await client.close();
    });
  });

  it('show at the other who is typing at one', async () => {
    const id = await ann.rest.converse(bob);
    const [anns, bobs] = [await ann.tribeIn(id), await bob.tribeIn(id)];
    anns.send({ event: 'typing', conversation_id: id, is_typing: true });
    expect(await bobs.next()).toMatchObject({ event: 'typing', conversation_id: id });
    await Promise.all([anns.close(), bobs.close()]);
  });

  it('count the clients of both', async () => {
    const channel = await ann.channelsIn('counted');
    const other = await bob.channelsIn('counted');
    for (const { rest } of [ann, bob]) {
      const { body } = await rest.get('/ws/stats').expect(200);
      expect(body.data).toEqual({ total_clients: 2, channels: { counted: 2 } });
    }
    await Promise.all([channel.close(), other.close()]);
    await vi.waitFor(async () => {
      const { body } = await ann.rest.get('/ws/stats').expect(200);
      expect(body.data).toEqual({ total_clients: 0, channels: {} });
    }, SOON);
  });

  it('say that a user is offline when the last connection to either is gone', async () => {
    const carl = await Person.register(pair.a);
    const anns = await ann.tribeIn(await carl.rest.converse(ann));
    const [here, there] = [await carl.tribe(), await (await carl.login(pair.b)).tribe()];
    here.send({ event: 'presence', status: 'online' });
    expect(await anns.next()).toMatchObject({ event: 'presence', data: { user_id: carl.id, status: 'online' } });
    await here.close();
    await vi.waitFor(async () => expect((await anns.untilFence()).length).toBe(0), SOON);
    await there.close();
    expect(await anns.next()).toMatchObject({ event: 'presence', data: { user_id: carl.id, status: 'offline' } });
    await anns.close();
  });

  it('say once that a user is offline who said so at one, and had said to be there at the other', async () => {
    const [carl, dan] = [await Person.register(pair.a), await Person.register(pair.b)];
    const anns = await ann.tribeIn(await carl.rest.converse(ann, dan));
    const [here, there, dans] = [await carl.tribe(), await (await carl.login(pair.b)).tribe(), await dan.tribe()];
    const heard = async ({ id }: Person, status: string): Promise<void> =>
      expect(await anns.next()).toMatchObject({ event: 'presence', data: { user_id: id, status } });
    dans.send({ event: 'presence', status: 'away' });
    await heard(dan, 'away');
    here.send({ event: 'presence', status: 'online' });
    await heard(carl, 'online');
    there.send({ event: 'presence', status: 'offline' });
    await heard(carl, 'offline');
    for (const socket of [here, there, dans]) await socket.close();
    await heard(dan, 'offline'); // by when carl would have been said to be offline again
    await anns.close();
  });

  it('tell in pets once that a user joins, and once that the last connection is gone', async () => {
    const cleo = await Person.register(pair.a, { role: 'client' });
    const vera = await Person.register(pair.b, { role: 'provider' });
    const { body: pet } = await cleo.rest.post('/pets', { name: 'Rex' }).expect(201);
    const cleos = await cleo.pets();
    cleos.send({ sender_id: cleo.id, event: 'new_conversation', params: { pet_id: pet.id, providers: [vera.id] } });
    expect(await cleos.next()).toMatchObject({ event: 'conversation_created' });
    const here = await vera.pets();
    expect(await cleos.next()).toMatchObject({ event: 'user_joined', params: { user_id: vera.id } });
    const there = await (await vera.login(pair.a)).pets();
    await there.untilFence();
    await here.close();
    await there.untilFence();
    await there.close();
    expect(await cleos.next()).toMatchObject({
      event: 'user_left',
      params: { user_id: vera.id, reason: 'disconnected' },
    });
    expect(await cleos.untilFence()).toEqual([]);
    await cleos.close();
  });

  it('make no notification for who is connected to the other', async () => {
    const [dora, fay] = [await Person.register(pair.b), await Person.register(pair.b)];
    const doras = await dora.flat();
    const [toDora, toFay] = [await dora.rest.converse(ann), await fay.rest.converse(ann)];
    await ann.rest.say(toDora, 'you are here');
    await doras.next();
    await ann.rest.say(toFay, 'and you are not');
    const noted = async ({ rest }: Person): Promise<unknown[]> =>
      (await rest.get('/notifications').expect(200)).body.data;
    await vi.waitFor(async () => expect(await noted(fay)).toHaveLength(1), SOON);
    expect(await noted(dora)).toEqual([]);
    await doras.close();
  });

  it('count a user’s connections to both against the limit', async () => {
    const small = await startPair({ MAX_CONNECTIONS_PER_USER: '2' });
    try {
      const eve = await Person.register(small.a);
      const there = await eve.login(small.b);
      const sockets = [await eve.tribe(), await there.tribe()];
      await vi.waitFor(() => expect(there.tribe()).rejects.toThrow('429'), SOON);
      for (const socket of sockets) await socket.close();
    } finally {
      await small.close();
    }
  });

  it('limit together how often a password may be guessed', async () => {
    const limited = await startPair({ RATE_LIMITS: 'on' });
    try {
      const guess = (server: typeof limited.a): Promise<number> =>
        fetch(`${server.url}/api/v1/auth/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: 'nobody@example.com', password: 'a wrong password' }),
        }).then(({ status }) => status);
      const answers = await Promise.all(Array.from({ length: 80 }, (_, i) => guess(i % 2 ? limited.a : limited.b)));
      expect(answers.filter((status) => status === 401)).toHaveLength(60);
      expect(answers.filter((status) => status === 429)).toHaveLength(20);
    } finally {
      await limited.close();
    }
  });

  it('subscribe at Redis to what someone listens to, and to nothing else', async () => {
    await vi.waitFor(async () => expect(await topics(pair)).toEqual(['nodes', 'presence', 'pulse', 'pulse']), SOON);
    const id = await ann.rest.converse(bob);
    const anns = await ann.tribeIn(id);
    expect(await topics(pair)).toEqual([`conversation:${id}`, 'nodes', 'presence', 'pulse', 'pulse', `user:${ann.id}`]);
    await anns.close();
    await vi.waitFor(async () => expect(await topics(pair)).toEqual(['nodes', 'presence', 'pulse', 'pulse']), SOON);
  });
});

/** The topics at Redis, without what distinguishes databases and nodes. */
async function topics({ redis }: Pair): Promise<string[]> {
  const channels = await redis.topics();
  return channels.map((channel) => channel.replace(/^parlance:[^:]*:/, '').replace(/^pulse:.*/, 'pulse')).toSorted();
}
