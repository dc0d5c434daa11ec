import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DataSource } from 'typeorm';
import { OwnRedis } from '../faults/harness/own-redis.js';
import { Person } from '../../src/testing/person.js';
import type { Socket } from '../../src/testing/socket.js';
import { spawnServer } from '../support/spawned-server.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Pair, startPair } from './pair.js';

const SOON = { timeout: 15_000, interval: 50 };

describe('a node that is cut off from Redis', () => {
  let pair: Pair;
  let ann: Person; // at node a, which is cut off
  let bob: Person; // at node b
  let talk: string;
  let anns: Socket;
  let bobs: Socket;
  beforeAll(async () => {
    pair = await startPair();
    ann = await Person.register(pair.a);
    bob = await Person.register(pair.b);
    talk = await ann.rest.converse(bob);
    anns = await ann.flat();
    bobs = await bob.flat();
  });
  afterAll(() => pair.close());

  it.each([
    ['with its connections broken', () => pair.a.faults.bus.cut()],
    ['and not told', () => pair.a.faults.bus.silence()],
  ])('%s acknowledges, serves its own listeners, and finds what it missed', async (_, cutOff) => {
    const here = await ann.flat();
    cutOff();
    await bob.rest.say(talk, 'while away');
    expect(await bobs.next()).toMatchObject({ content: 'while away' });
    await ann.rest.say(talk, 'sent alone');
    for (const socket of [anns, here]) {
      expect(await socket.next()).toMatchObject({ content: 'while away' });
      expect(await socket.next()).toMatchObject({ content: 'sent alone' });
    }
    expect(await bobs.next()).toMatchObject({ content: 'sent alone' });
    await pair.a.faults.bus.open();
    await bob.rest.say(talk, 'together again');
    for (const socket of [anns, here]) expect(await socket.next()).toMatchObject({ content: 'together again' });
    expect(await bobs.next()).toMatchObject({ content: 'together again' });
    expect(await anns.untilFence()).toEqual([]);
    await here.close();
  });

  it('ends what was taken away at the other within a second', async () => {
    pair.a.faults.bus.cut();
    const cleo = await Person.register(pair.b);
    const { body } = await bob.rest.post('/conversations', { kind: 'group', participant_ids: [cleo.id, ann.id] });
    const cleos = await (await cleo.login(pair.a)).tribeIn(body.id);
    const loggedOut = await (await ann.login(pair.a)).tribe();
    const disabled = await Person.register(pair.a);
    const disableds = await disabled.tribe();
    const asked = Date.now();
    await bob.rest.delete(`/conversations/${body.id}/participants/${cleo.id}`).expect(204);
    await pair.b.app.get(DataSource).query(`UPDATE users SET disabled_at = now() WHERE id = $1`, [disabled.id]);
    await pair.b.app.get(DataSource).query(`UPDATE logins SET ended_at = now() WHERE user_id = $1`, [ann.id]);
    expect((await loggedOut.closed).code).toBe(4401);
    expect((await disableds.closed).code).toBe(4401);
    expect(Date.now() - asked).toBeLessThan(2_000); // one, and what a busy machine takes
    await vi.waitFor(async () => {
      cleos.send({ event: 'typing', conversation_id: body.id, is_typing: true });
      expect((await cleos.next()).event).toBe('error');
    }, SOON);
    await bob.rest.say(body.id, 'not for cleo');
    expect(await cleos.untilFence()).toEqual([]);
    await pair.a.faults.bus.open();
  });

  it('shows nothing while it cannot know who may hear it, and then what was missed', async () => {
    const watcher = await (await ann.login()).tribeIn(talk);
    const typist = await (await bob.login(pair.a)).tribeIn(talk);
    const { faults } = pair.a;
    faults.bus.cut();
    faults.database.silence();
    const heardTyping = async (): Promise<boolean> => {
      typist.send({ event: 'typing', conversation_id: talk, is_typing: true });
      await typist.untilFence();
      return (await watcher.untilFence()).some(({ event }) => event === 'typing');
    };
    await vi.waitFor(async () => expect(await heardTyping()).toBe(false), SOON);
    await bob.rest.say(talk, 'meanwhile');
    expect(await watcher.untilFence()).toEqual([]);
    await Promise.all([faults.bus.open(), faults.database.open()]);
    expect(await watcher.next()).toMatchObject({ event: 'message.new', data: { content: 'meanwhile' } });
    await vi.waitFor(async () => expect(await heardTyping()).toBe(true), SOON);
    await Promise.all([watcher.close(), typist.close()]);
  });

  it('lets those hear who were added at the other', async () => {
    const dan = await Person.register(pair.a);
    const dans = await dan.flat();
    pair.a.faults.bus.cut();
    const { body } = await bob.rest.post('/conversations', { kind: 'group', participant_ids: [dan.id] }).expect(201);
    await bob.rest.say(body.id, 'welcome');
    expect(await dans.next()).toMatchObject({ content: 'welcome' });
    await pair.a.faults.bus.open();
    expect(await dans.untilFence()).toEqual([]);
  });
});

it('a node starts without Redis, says so, and uses it once it is there', async () => {
  const redis = await OwnRedis.start();
  const dataDir = await temporaryDirectory();
  await redis.kill();
  const node = await spawnServer({ REDIS_URL: `redis://127.0.0.1:${redis.port}` }, dataDir);
  try {
    expect(node.stdout()).toContain('Redis cannot be reached yet');
    await redis.restart();
    await vi.waitFor(async () => expect((await redis.topics()).length).toBeGreaterThan(2), SOON);
  } finally {
    await node.kill('SIGTERM');
    await redis.remove();
  }
});

it('two nodes go on without Redis, and use it once it is back', async () => {
  const pair = await startPair();
  try {
    await pair.redis.kill();
    const ann = await Person.register(pair.a);
    const bob = await Person.register(pair.b);
    const talk = await ann.rest.converse(bob);
    const bobs = await bob.flat();
    await ann.rest.say(talk, 'without');
    expect(await bobs.next()).toMatchObject({ content: 'without' });
    await pair.redis.restart();
    await vi.waitFor(async () => expect((await pair.redis.topics()).length).toBeGreaterThan(4), SOON);
    await ann.rest.say(talk, 'with');
    expect(await bobs.next()).toMatchObject({ content: 'with' });
    expect(await bobs.untilFence()).toEqual([]);
  } finally {
    await pair.close();
  }
});

it('a node that is silent is forgotten within 15 s: who was there is offline, and not counted', async () => {
  const pair = await startPair({ PRESENCE_GRACE: '50ms' });
  try {
    const ann = await Person.register(pair.a);
    const bob = await Person.register(pair.b);
    const talk = await ann.rest.converse(bob);
    const anns = await ann.tribeIn(talk);
    const bobs = await bob.tribe();
    bobs.send({ event: 'presence', status: 'away' });
    expect(await anns.next()).toMatchObject({ event: 'presence', data: { user_id: bob.id, status: 'away' } });
    await bob.channelsIn('general');
    const counted = async (): Promise<number> => (await ann.rest.get('/ws/stats')).body.data.total_clients;
    await vi.waitFor(async () => expect(await counted()).toBe(1), SOON);
    pair.b.faults.bus.cut();
    const offline = [{ event: 'presence', data: { user_id: bob.id, status: 'offline' } }];
    const { timeout } = SOON;
    await vi.waitFor(async () => expect(await anns.untilFence()).toMatchObject(offline), { timeout, interval: 1_000 });
    expect(await counted()).toBe(0);
  } finally {
    await pair.close();
  }
});
