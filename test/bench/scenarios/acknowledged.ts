import type { GroupPlan, Member } from '../generator/crowd.js';
import { acknowledgements, busy, quantile, watch, withCrowd, Worlds } from '../measuring.js';
import { type Entry, type ScenarioMaker, type Size, subjectOf } from '../scenario.js';
import * as speeches from '../speech.js';
import type { Speech } from '../speech.js';
import type { Subject } from '../subjects.js';
import { makeConversation, makePeople } from '../world.js';

const SPEECHES: Readonly<Record<string, Speech>> = {
  pipeline: speeches.pipeline,
  'nest-pg': speeches.nestStoring,
  parlance: speeches.flat,
  'parlance-embedded': speeches.flat,
  'parlance-redis': speeches.flat,
  'parlance-two': speeches.flat,
};

const shapeOf = ({ smoke }: Size): { conversations: number; members: number } =>
  smoke ? { conversations: 3, members: 5 } : { conversations: 20, members: 50 };

/** Conversations whose members all send, and hear what the others send. */
function entriesOf(
  names: readonly string[],
  size: Size,
  measure: (subject: Subject, plans: readonly GroupPlan[]) => ReturnType<Entry['measure']>,
): Entry[] {
  const { conversations, members } = shapeOf(size);
  const rooms = Array.from({ length: conversations }, () => makeConversation(makePeople(members)));
  const world = new Worlds({ people: rooms.flatMap(({ participants }) => participants), conversations: rooms });
  return names.map((name) => {
    const speech = SPEECHES[name]!;
    const plans = rooms.map((conversation): GroupPlan => {
      const senders = conversation.participants.map((person): Member => ({ person, speech }));
      return { conversation, listeners: [], senders };
    });
    return {
      name,
      subject: subjectOf(name),
      async measure(subject) {
        await world.in(subject);
        return measure(subject, plans);
      },
    };
  });
}

/** Everyone sends again when the last message is acknowledged. */
function atSaturation(names: readonly string[], size: Size): Entry[] {
  return entriesOf(names, size, (subject, plans) =>
    withCrowd(subject, plans, size, async (crowd) => {
      const latencies: number[] = [];
      crowd.converse(latencies);
      return acknowledgements(await watch(subject, crowd, size), latencies);
    }),
  );
}

const saturated: ScenarioMaker = (size) => ({
  name: 'acknowledged',
  title: 'acknowledged sends at saturation: all members send, each again when the last one is acknowledged',
  unit: 'messages/s',
  shape: { ...shapeOf(size), 'in flight': 'one of each member' },
  entries: atSaturation(['pipeline', 'nest-pg', 'parlance', 'parlance-embedded'], size),
  comparisons: [
    { entry: 'parlance', with: ['pipeline'], atLeast: 0.6 },
    { entry: 'parlance', with: ['nest-pg'], atLeast: 10 },
    { entry: 'parlance-embedded', with: ['nest-pg'], atLeast: 5 },
    { entry: 'pipeline', with: ['nest-pg'] },
  ],
});

const twoNodes: ScenarioMaker = (size) => ({
  name: 'two-nodes',
  title: 'acknowledged sends at saturation, on one node or on two that share its core',
  unit: 'messages/s',
  shape: { ...shapeOf(size), 'in flight': 'one of each member' },
  entries: atSaturation(['parlance', 'parlance-redis', 'parlance-two'], size),
  comparisons: [
    { entry: 'parlance-redis', with: ['parlance'] },
    { entry: 'parlance-two', with: ['parlance-redis'] },
  ],
});

const atRest: ScenarioMaker = (size) => {
  const rate = size.smoke ? 200 : 1_000;
  const warming = size.seconds / 3;
  return {
    name: 'latency',
    title: `acknowledged sends, ${rate} messages/s at even intervals: how long until the acknowledgement, 99th percentile`,
    unit: 'ms p99',
    shape: { ...shapeOf(size), 'messages/s': rate },
    entries: entriesOf(['pipeline', 'nest-pg', 'parlance', 'parlance-embedded'], size, (subject, plans) =>
      withCrowd(subject, plans, size, async (crowd) => {
        await crowd.pace(rate, warming, []);
        await subject.pin();
        await crowd.drained();
        const [before, own] = [subject.cpu, process.cpuUsage()];
        const latencies: number[] = [];
        await crowd.pace(rate, size.seconds, latencies);
        const [now, used] = [subject.cpu, process.cpuUsage(own)];
        await crowd.drained();
        return {
          value: quantile(latencies, 0.99),
          'p50 ms': quantile(latencies, 0.5),
          'max ms': quantile(latencies, 1),
          ...busy({
            seconds: size.seconds,
            server: now.server - before.server,
            database: now.database - before.database,
            generator: (used.user + used.system) / 1000, // all of it: it looks at the clock all the time
          }),
        };
      }),
    ),
    comparisons: [
      { entry: 'parlance', with: ['pipeline'], atMost: 1.5 },
      { entry: 'parlance', with: ['nest-pg'] },
      { entry: 'parlance-embedded', with: ['pipeline'] },
    ],
  };
};

/** The same conversations, sent to by REST and by a socket; their members listen. */
const rest: ScenarioMaker = (size) => {
  const [conversations, listeners, senders] = size.smoke ? [2, 3, 2] : [20, 10, 5];
  const rooms = Array.from({ length: conversations }, () => makeConversation(makePeople(listeners + senders)));
  const world = new Worlds({ people: rooms.flatMap(({ participants }) => participants), conversations: rooms });
  const entry = (name: string, byRest: boolean): Entry => {
    const plans = rooms.map((conversation): GroupPlan => {
      const seat = (speech: Speech) => (person: (typeof conversation.participants)[number]) => ({ person, speech });
      return {
        conversation,
        listeners: conversation.participants.slice(0, listeners).map(seat(speeches.tribe)),
        senders: conversation.participants.slice(listeners).map(seat(speeches.flat)),
        byRest,
      };
    });
    return {
      name,
      subject: subjectOf(name),
      async measure(subject) {
        await world.in(subject);
        return withCrowd(subject, plans, size, async (crowd) => {
          const latencies: number[] = [];
          crowd.converse(latencies);
          return acknowledgements(await watch(subject, crowd, size), latencies);
        });
      },
    };
  };
  return {
    name: 'rest',
    title: 'sends by REST, each sender again when the last one is answered; and the same by a socket',
    unit: 'messages/s',
    shape: { conversations, 'listeners a conversation': listeners, 'senders a conversation': senders },
    entries: [entry('parlance:socket', false), entry('parlance:rest', true), entry('parlance-embedded:rest', true)],
    comparisons: [
      { entry: 'parlance:rest', with: ['parlance:socket'] },
      { entry: 'parlance-embedded:rest', with: ['parlance:rest'] },
    ],
  };
};

export const acknowledged: readonly ScenarioMaker[] = [saturated, atRest, rest, twoNodes];
