import assert from 'node:assert/strict';
import { UnitOfWork } from '../../database/unit-of-work.js';
import type { TestServer } from '../application.js';
import type { Client } from '../client.js';
import { Person } from '../person.js';
import type { ClientAdapter, Heard, Named } from './adapter.js';
import { ADAPTERS } from './adapters.js';
import { begin, everythingHappens, gather } from './happenings.js';

/** What the server must be set to for a dialect to be tried. */
export const CONFORMANCE_SETTINGS = {
  RATE_LIMITS: 'off',
  SEND_BUFFER_BYTES: '65536',
  MAX_MESSAGE_LENGTH: '60000',
} as const;

/** Something that holds of every dialect. */
export interface Check {
  /** A sentence without its subject, which is the dialect. */
  readonly title: string;
  /** @throws where it does not hold */
  readonly run: (server: TestServer) => Promise<void>;
}

/**
 * What must hold of a dialect, whoever wrote it: each check as a test, of any runner. The server has the dialect and the
 * settings {@link CONFORMANCE_SETTINGS}; the checks do not disturb each other. They need the package `socket.io-client`.
 *
 * @example `for (const { title, run } of conformanceOf(mine)) it(title, () => run(server));`
 */
export function conformanceOf(adapter: ClientAdapter): Check[] {
  return CHECKS.filter(({ needs }) => !needs || adapter[needs]).map(({ title, holds }) => ({
    title,
    run: (server) => holds(adapter, server),
  }));
}

interface Rule {
  readonly title: string;
  /** What a dialect without cannot be tried by this. */
  readonly needs?: 'say' | 'offsetIn';
  readonly holds: (adapter: ClientAdapter, server: TestServer) => Promise<void>;
}

/** Far more bytes than the kernel's buffers and the server's bound together: each character is three. */
const FLOOD = { messages: 75, length: 60_000 };

const CHECKS: readonly Rule[] = [
  {
    title: 'shows a member what others say, in whatever dialect, each message once and in order',
    async holds(adapter, server) {
      const { members, conversation } = await assemble(server, 2);
      const [member, sender] = members as [Person, Person];
      const client = await enterAs(adapter, member, conversation);
      const speakers = ADAPTERS.filter(({ say }) => say);
      const expected: Heard[] = [];
      for (const speaker of speakers) {
        const socket = await speaker.open(sender);
        await speaker.say!(socket, conversation, `in ${speaker.dialect}`);
        await socket.close();
        expected.push(`new in ${speaker.dialect}`);
      }
      await sender.rest.say(conversation.id, 'by REST');
      expected.push('new by REST');
      assert.deepEqual(await heardBy(adapter, client), expected);
    },
  },
  {
    title: 'acknowledges a message when it is stored, and every dialect’s members hear it',
    needs: 'say',
    async holds(adapter, server) {
      const { members, conversation } = await assemble(server, ADAPTERS.length + 1);
      const sender = members.at(-1)!;
      const hearers = await Promise.all(ADAPTERS.map((other, index) => enterAs(other, members[index]!, conversation)));
      const client = await enterAs(adapter, sender, conversation);
      const isEarly = await isAnsweredUnstored(server, () => adapter.say!(client, conversation, 'kept, and "heard"'));
      assert.ok(!isEarly, 'acknowledged before it is stored');
      const { body } = await sender.rest.get(`/conversations/${conversation.id}/messages`).expect(200);
      assert.deepEqual(
        (body as { data: { content: string }[] }).data.map(({ content }) => content),
        ['kept, and "heard"'],
      );
      for (const [index, other] of ADAPTERS.entries()) {
        assert.deepEqual(await heardBy(other, hearers[index]!), ['new kept, and "heard"'], `in ${other.dialect}`);
      }
    },
  },
  {
    title: 'tells an outsider nothing of what happens between others',
    async holds(adapter, server) {
      const cast = await gather(server);
      const outsider: Client<unknown> = await adapter.open(await Person.register(server));
      const conversation = await begin(cast, await Person.register(server));
      adapter.enter?.(outsider, conversation);
      const answers: unknown[] = await outsider.untilFence();
      const refusals = answers.map((frame) => adapter.refusalIn(frame));
      assert.equal(refusals.length, adapter.enter ? 1 : 0, 'only the refusal is told');
      assert.ok(refusals.every(Boolean), 'it is refused');
      await everythingHappens(server, cast, conversation);
      await outsider.expectSilence();
    },
  },
  {
    title: 'tells who was removed nothing of what happens then',
    async holds(adapter, server) {
      const cast = await gather(server);
      const person = await Person.register(server);
      const conversation = await begin(cast, person);
      const removed = await enterAs(adapter, person, conversation);
      await cast.ann.rest.delete(`/conversations/${conversation.id}/participants/${person.id}`).expect(204);
      await removed.untilFence(); // it may be told that it is out
      await everythingHappens(server, cast, conversation);
      await removed.expectSilence();
    },
  },
  {
    title: 'refuses nonsense in words, and costs nobody else anything',
    async holds(adapter, server) {
      const { members, conversation } = await assemble(server, 2);
      const [clumsy, other] = await Promise.all(members.map((person) => enterAs(adapter, person, conversation)));
      for (const talk of adapter.nonsense) {
        talk(clumsy!);
        await refusalTo(adapter, clumsy!); // not a fence: a send is refused when it is known to be wrong
      }
      await other!.expectSilence();
      await members[1]!.rest.say(conversation.id, 'never mind');
      assert.deepEqual(await heardBy(adapter, clumsy!), ['new never mind']);
    },
  },
  {
    title: 'is cut off when it does not read, and the others hear everything',
    async holds(adapter, server) {
      const { members, conversation } = await assemble(server, 3);
      const [slow, quick, sender] = members as [Person, Person, Person];
      const [stalled, reader] = [
        await enterAs(adapter, slow, conversation),
        await enterAs(adapter, quick, conversation),
      ];
      stalled.stall();
      for (let sent = 0; sent < FLOOD.messages; sent++) {
        await sender.rest.say(conversation.id, `${sent}`.padEnd(FLOOD.length, '€'));
      }
      const heard = await heardBy(adapter, reader);
      assert.deepEqual(
        heard.map((content) => Number.parseInt(content.slice('new '.length), 10)),
        Array.from({ length: FLOOD.messages }, (_, index) => index),
      );
      stalled.flow();
      await stalled.expectEnd();
    },
  },
  {
    title: 'is closed when its login ends, and opens no more with it',
    async holds(adapter, server) {
      const person = await Person.register(server);
      const client: Client<unknown> = await adapter.open(person);
      await person.rest.post('/auth/logout').expect(204);
      await client.expectEnd();
      await assert.rejects(adapter.open(person), 'a login that has ended opens nothing');
    },
  },
  {
    title: 'loses nothing of what was said while its line was broken',
    needs: 'offsetIn',
    async holds(adapter, server) {
      const { members, conversation } = await assemble(server, 2);
      const [member, sender] = members as [Person, Person];
      const before = await enterAs(adapter, member, conversation);
      await sender.rest.say(conversation.id, 'before');
      const since = adapter.offsetIn!(await before.expectFrame((frame) => adapter.heardIn(frame) !== undefined));
      assert.ok(since !== undefined, 'what is heard has an offset');
      before.cut();
      for (const content of ['one', 'two', 'three']) await sender.rest.say(conversation.id, content);
      const after: Client<unknown> = await adapter.open(member);
      (adapter.resume ?? adapter.enter)!(after, conversation, since);
      assert.deepEqual(await heardBy(adapter, after), ['new one', 'new two', 'new three']);
      await sender.rest.say(conversation.id, 'four');
      assert.deepEqual(await heardBy(adapter, after), ['new four']);
    },
  },
];

/** People in a conversation of theirs. */
async function assemble(
  server: TestServer,
  count: number,
): Promise<{ members: readonly Person[]; conversation: Named }> {
  const members = await Promise.all(Array.from({ length: count }, () => Person.register(server)));
  const [first, ...others] = members as [Person, ...Person[]];
  const { body } = await first.rest.get(`/conversations/${await first.rest.converse(...others)}`).expect(200);
  return { members, conversation: { id: body.id as string, number: body.number as number } };
}

/** A client of someone's that hears a conversation, and has read all until now. */
async function enterAs(adapter: ClientAdapter, person: Person, conversation: Named): Promise<Client<unknown>> {
  const client: Client<unknown> = await adapter.open(person);
  if (!adapter.entersUnasked) adapter.enter!(client, conversation);
  await client.untilFence();
  return client;
}

/** Says something while the database stores nothing, and then lets it. @returns whether that was answered meanwhile */
async function isAnsweredUnstored(server: TestServer, say: () => Promise<void>): Promise<boolean> {
  let isAnswered = false;
  let wasEarly = false;
  const said = await server.app.get(UnitOfWork).run(async (manager) => {
    await manager.query('LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
    const saying = say().then(() => void (isAnswered = true));
    for (let turn = 0; turn < 5; turn++) await fetch(`${server.url}/health/live`); // time enough for who does not wait
    wasEarly = isAnswered;
    return { saying };
  });
  await said.saying;
  return wasEarly;
}

/** What a client has heard of messages since it was last asked. */
async function heardBy(adapter: ClientAdapter, client: Client<unknown>): Promise<Heard[]> {
  const frames = await client.untilFence();
  return frames.map((frame) => adapter.heardIn(frame)).filter((heard) => heard !== undefined);
}

/** Waits for the next refusal; who comes meanwhile is passed over. */
async function refusalTo(adapter: ClientAdapter, client: Client<unknown>): Promise<void> {
  while (!adapter.refusalIn(await client.next()));
}
