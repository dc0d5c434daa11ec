import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import type { Client } from '../../src/testing/client.js';
import type { ClientAdapter, Heard, Named } from '../../src/testing/conformance/adapter.js';
import { ADAPTERS } from '../../src/testing/conformance/adapters.js';

/** Fewer where someone waits for them; CI tries a thousand. */
const SCHEDULES = Number(process.env.SCHEDULES ?? 100);
const MOST_STEPS = 12;

/** What may happen in a schedule; `who` is a member by its place. */
type Step = {
  readonly does: 'enter' | 'leave' | 'remove' | 'add' | 'send' | 'edit' | 'read' | 'reconnect';
  readonly who: number;
};

/** Someone in the conversation, and what the model says of that one. */
interface Member {
  readonly person: Person;
  readonly rules: ClientAdapter;
  client: Client<unknown>;
  takesPart: boolean;
  hasEntered: boolean;
  heard: Heard[];
  expected: Heard[];
}

/** The conversation as the model has it. */
interface Scene {
  readonly conversation: Named;
  readonly members: readonly Member[];
  readonly owner: Person;
  /** The last message, and by whom. */
  last: { readonly id: string; readonly by: Member } | undefined;
  count: number;
}

const steps = fc.array(
  fc.record({
    does: fc.constantFrom('enter', 'leave', 'remove', 'add', 'send', 'edit', 'read', 'reconnect'),
    who: fc.nat(ADAPTERS.length - 1),
  }),
  { minLength: 1, maxLength: MOST_STEPS },
);

describe('a conversation of mixed dialects', () => {
  let server: TestServer;
  let owner: Person;
  let people: Person[];
  let clients: Client<unknown>[];
  beforeAll(async () => {
    server = await startServer({ RATE_LIMITS: 'off' });
    owner = await Person.register(server);
    people = await Promise.all(ADAPTERS.map(() => Person.register(server)));
    clients = await Promise.all(ADAPTERS.map((rules, index) => rules.open(people[index]!)));
  });
  afterAll(() => server.close());

  it(
    `is heard as the model of it says, in ${SCHEDULES} random schedules`,
    async () => {
      const property = fc.asyncProperty(steps, async (schedule) => {
        const scene = await begin();
        for (const step of schedule) await take(step, scene);
        for (const member of scene.members) await listen(member);
        clients = scene.members.map(({ client }) => client);
        for (const { rules, heard, expected } of scene.members) expect(heard, rules.dialect).toEqual(expected);
      });
      await fc.assert(property, { numRuns: SCHEDULES, verbose: fc.VerbosityLevel.Verbose });
    },
    10 * 60_000,
  );

  async function begin(): Promise<Scene> {
    const { body } = await owner.rest.get(`/conversations/${await owner.rest.converse(...people)}`).expect(200);
    const conversation: Named = { id: body.id as string, number: body.number as number };
    const members = ADAPTERS.map((rules, index) => ({
      person: people[index]!,
      rules,
      client: clients[index]!,
      takesPart: true,
      hasEntered: rules.entersUnasked,
      heard: [],
      expected: [],
    }));
    for (const { client } of members) await client.untilFence();
    return { conversation, members, owner, last: undefined, count: 0 };
  }

  async function take({ does, who }: Step, scene: Scene): Promise<void> {
    const member = scene.members[who]!;
    const { person, rules } = member;
    switch (does) {
      case 'enter':
      case 'leave': {
        if (!rules[does]) return;
        rules[does](member.client, scene.conversation);
        await listen(member);
        member.hasEntered = does === 'enter' ? member.takesPart : false;
        return;
      }
      case 'remove':
        if (!member.takesPart) return;
        await scene.owner.rest.delete(`/conversations/${scene.conversation.id}/participants/${person.id}`).expect(204);
        member.takesPart = false;
        member.hasEntered = false;
        return;
      case 'add': {
        const body = { user_ids: [person.id] };
        await scene.owner.rest.post(`/conversations/${scene.conversation.id}/participants`, body).expect(200);
        if (!member.takesPart && rules.entersUnasked) member.hasEntered = true;
        member.takesPart = true;
        return;
      }
      case 'send': {
        const content = `message ${++scene.count}`;
        const answer = await person.rest.post(`/conversations/${scene.conversation.id}/messages`, { content });
        expect(answer.status).toBe(member.takesPart ? 201 : 404);
        if (!member.takesPart) return;
        scene.last = { id: answer.body.id as string, by: member };
        for (const hearer of scene.members) {
          if (hearer.hasEntered && (hearer !== member || rules.hearsOwn)) hearer.expected.push(`new ${content}`);
        }
        return;
      }
      case 'edit': {
        const { last } = scene;
        if (!last?.by.takesPart) return;
        const content = `edit ${++scene.count}`;
        await last.by.person.rest.patch(`/messages/${last.id}`, { content }).expect(200);
        for (const hearer of scene.members) if (hearer.hasEntered) hearer.expected.push(`edited ${content}`);
        return;
      }
      case 'read':
        await person.rest.post(`/conversations/${scene.conversation.id}/read`).expect(member.takesPart ? 200 : 404);
        return;
      case 'reconnect':
        await listen(member);
        await member.client.close();
        member.client = await rules.open(person);
        member.hasEntered = member.takesPart && rules.entersUnasked;
    }
  }

  /** Everything that the member's socket has been sent until now. */
  async function listen(member: Member): Promise<void> {
    for (const frame of await member.client.untilFence()) {
      const heard = member.rules.heardIn(frame);
      if (heard) member.heard.push(heard);
    }
  }
});
