import { setTimeout as delay } from 'node:timers/promises';
import type { Person } from '../../../src/testing/person.js';
import { DIALECTS, type Member } from '../harness/member.js';
import { register, type Scene } from '../harness/scene.js';
import type { Scenario, Stage } from '../harness/stage.js';
import { until } from '../harness/waiting.js';

/** Milliseconds in which what is taken away has ended everywhere. */
const PROMISE = 1_000;
/** Milliseconds that this machine may be late. */
const LATENESS = 1_000;
/** Milliseconds of talk that someone hears before, and must not hear after. */
const TALK = 1_500;

/** Someone on the second node, in every dialect at once, in all conversations of a scene that goes on talking. */
async function withTarget(
  stage: Stage,
  revoke: (scene: Scene, target: Person, members: readonly Member[]) => Promise<void>,
): Promise<void> {
  const { first, second } = stage.cluster;
  const scene = await stage.scene({ groups: 2, each: 1 });
  const [owner] = scene.people;
  const load = scene.talk();
  const target = await register(first);
  for (const { id, slug } of scene.conversations) {
    if (slug === null)
      await owner!.rest.post(`/conversations/${id}/participants`, { user_ids: [target.id] }).expect(200);
  }
  const closed = scene.conversations.filter(({ slug }) => slug === null);
  const members = await Promise.all(
    DIALECTS.map(async (dialect) => {
      const member = scene.visitor(target, dialect, closed, 'target');
      await member.arrive(second);
      return member;
    }),
  );
  await load.flows(10_000);
  await delay(TALK);
  for (const { listener } of members) {
    const heard = [...listener.lines[0]!.streams.values()].some(({ after }) => after.length > 0);
    stage.check(heard, `${listener.name} heard nothing before`);
  }
  await stage.fault(() => revoke(scene, target, members));
  await delay(PROMISE + TALK);
  await stage.finish(scene);
}

/** Every connection of someone is closed, for good, within a second of the answer. */
async function expectSignedOut(stage: Stage, members: readonly Member[], from: number): Promise<void> {
  const ends = (): (number | undefined)[] => members.map(({ listener }) => listener.lines.at(-1)?.ending?.at);
  await until('every socket is closed', 5_000, () => ends().every((at) => at !== undefined)).catch((error: Error) =>
    stage.check(false, error.message),
  );
  stage.recovered(Math.max(...ends().map((at) => (at ?? Infinity) - from)), PROMISE + LATENESS);
  for (const { listener } of members) {
    const how = listener.lines.at(-1)?.ending?.how;
    stage.check(how === '4401' || how === 'io server disconnect', `${listener.name} was closed with ${how}`);
  }
}

async function logOut(stage: Stage): Promise<void> {
  await withTarget(stage, async (_, target, members) => {
    await target.rest.post('/auth/logout').expect(204);
    await expectSignedOut(stage, members, performance.now());
  });
}

async function disable(stage: Stage): Promise<void> {
  await withTarget(stage, async (_, target, members) => {
    await stage.cluster.postgres.query(`UPDATE users SET disabled_at = now() WHERE id = $1`, [target.id]);
    await expectSignedOut(stage, members, performance.now());
  });
}

async function remove(stage: Stage): Promise<void> {
  await withTarget(stage, async ({ people: [owner], conversations }, target, members) => {
    const [conversation] = conversations;
    await owner!.rest.delete(`/conversations/${conversation!.id}/participants/${target.id}`).expect(204);
    for (const member of members) member.revoke(conversation!);
  });
}

/** Once with the bus, and once with the line of every node to Redis broken. */
const inBothWays = (title: string, play: (stage: Stage) => Promise<void>): Scenario[] => [
  { title, play },
  {
    title: `${title}, also while the bus is cut`,
    async play(stage) {
      for (const { toRedis } of stage.cluster.nodes) toRedis.cut();
      await play(stage);
    },
  },
];

const removals = inBothWays('who is removed hears nothing more on the other node after 1 s', remove);

/** Someone is removed from a conversation. */
export const removed = removals[0]!;

/** What a user may do is taken away by one node, and must end on the other. */
export const revocations: readonly Scenario[] = [
  ...inBothWays('a logout closes the sockets on the other node within 1 s', logOut),
  ...inBothWays('a disabled user is cut off on the other node within 1 s', disable),
  ...removals,
  ...inBothWays('a role that is taken away is gone on the other node within 1 s', changeRole),
];

/** What only a `client` may do is refused on a connection that was opened as one. */
async function changeRole(stage: Stage): Promise<void> {
  const { cluster } = stage;
  const provider = await register(cluster.first, { role: 'provider' });
  const client = await (await register(cluster.first, { role: 'client' })).login(cluster.second);
  const { body } = await client.rest.post('/pets', { name: 'Rex' }).expect(201);
  const socket = await client.pets();
  const ask = async (): Promise<string> => {
    const params = { pet_id: (body as { id: string }).id, providers: [provider.id] };
    socket.send({ sender_id: client.id, event: 'new_conversation', params });
    const { event } = (await socket.next()) as { event: string };
    return event;
  };
  stage.check((await ask()) === 'conversation_created', 'a client could not begin a consultation');
  await stage.fault(() => cluster.postgres.query(`UPDATE users SET role = 'member' WHERE id = $1`, [client.id]));
  await delay(PROMISE + LATENESS);
  stage.check((await ask()) === 'error', 'who is a client no more could still begin a consultation');
  await socket.close();
}
