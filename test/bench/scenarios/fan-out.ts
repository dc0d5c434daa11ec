import type { GroupPlan, Member } from '../generator/crowd.js';
import { deliveries, watch, withCrowd, Worlds } from '../measuring.js';
import { type Comparison, type Entry, type Scenario, type ScenarioMaker, type Size, subjectOf } from '../scenario.js';
import * as speeches from '../speech.js';
import type { Speech } from '../speech.js';
import { type Conversation, makeConversation, makePeople } from '../world.js';

/** How the clients of an entry speak: those who listen, one after the other in turn, and those who send. */
interface Cast {
  readonly listeners: readonly Speech[];
  readonly sender: Speech;
}

const alike = (speech: Speech): Cast => ({ listeners: [speech], sender: speech });
const heardBy = (...listeners: Speech[]): Cast => ({ listeners, sender: speeches.flat });
const { flat, tribe, channels, pets, socketio } = speeches;

/** Whoever can take part, by name. Parlance is sent to by `flat`: not every dialect has a frame to send with. */
const CASTS: Readonly<Record<string, Cast>> = {
  ws: alike(speeches.relay),
  'ws-prepared': alike(speeches.relay),
  'socket.io': alike(speeches.socketIoRoom),
  'nest-ws': alike(speeches.nestRelay),
  pipeline: alike(speeches.pipeline),
  'nest-pg': alike(speeches.nestStoring),
  'parlance:flat': heardBy(flat),
  'parlance:tribe': heardBy(tribe),
  'parlance:channels': heardBy(channels),
  'parlance:pets': heardBy(pets),
  'parlance:socketio': heardBy(socketio),
  'parlance:raw-mixed': heardBy(flat, tribe, channels, pets),
  'parlance:all-mixed': heardBy(flat, tribe, channels, pets, socketio),
  /** What is not stored: the way out alone. */
  'parlance:typing': { listeners: [speeches.typing], sender: speeches.typing },
  'parlance-embedded:flat': heardBy(flat),
  'parlance-redis:flat': heardBy(flat),
  'parlance-two:flat': heardBy(flat),
};

const RAW = ['parlance:flat', 'parlance:tribe', 'parlance:channels', 'parlance:pets'];

/** Messages of one sender that are on their way at most: servers stop reading from one who sends many at once. */
const MOST_OF_A_SENDER = 32;

interface Shape {
  readonly conversations: number;
  readonly listeners: number;
  /** Messages of a conversation on their way at once: sent, and not yet heard by all. */
  readonly inFlight: number;
}

interface Options {
  readonly name: string;
  readonly title: string;
  readonly real: Shape;
  readonly smoke: Omit<Shape, 'inFlight'>;
  /** Groups are for their participants only; a channel is open, so that who only listens need not take part. */
  readonly kind: Conversation['kind'];
  readonly entries: readonly string[];
  readonly comparisons: readonly Comparison[];
}

function fanOut({ name, title, real, smoke, kind, entries, comparisons }: Options): ScenarioMaker {
  return (size) => {
    const shape = size.smoke ? { ...smoke, inFlight: Math.min(real.inFlight, 8) } : real;
    const senders = Math.ceil(shape.inFlight / MOST_OF_A_SENDER);
    return {
      name,
      title,
      unit: 'deliveries/s',
      shape: { ...shape, 'senders a conversation': senders },
      entries: entries.map((entry) => makeEntry(entry, { ...shape, senders, kind }, size)),
      comparisons,
    } satisfies Scenario;
  };
}

interface Plan extends Shape {
  readonly senders: number;
  readonly kind: Conversation['kind'];
}

function makeEntry(name: string, plan: Plan, size: Size): Entry {
  const cast = CASTS[name]!;
  let stage: { plans: GroupPlan[]; world: Worlds } | undefined;
  return {
    name,
    subject: subjectOf(name),
    async measure(subject) {
      stage ??= setStage(cast, plan);
      const { plans, world } = stage;
      await world.in(subject);
      return withCrowd(subject, plans, size, async (crowd) => {
        crowd.saturate(plan.inFlight);
        return deliveries(await watch(subject, crowd, size));
      });
    },
  };
}

function setStage(cast: Cast, plan: Plan): { plans: GroupPlan[]; world: Worlds } {
  const plans = Array.from({ length: plan.conversations }, () => planOf(cast, plan));
  const people = plans.flatMap(({ listeners, senders }) => [...listeners, ...senders].map(({ person }) => person));
  return { plans, world: new Worlds({ people, conversations: plans.map(({ conversation }) => conversation) }) };
}

/** In a channel, those who speak `socketio` take no part: they are to hear each message once, not a note of it besides. */
function planOf(cast: Cast, { listeners: count, senders, kind }: Plan): GroupPlan {
  const listeners = makePeople(count).map((person, index): Member => ({
    person,
    speech: cast.listeners[index % cast.listeners.length]!,
  }));
  const sending = makePeople(senders).map((person): Member => ({ person, speech: cast.sender }));
  const participants = [...sending, ...listeners.filter(({ speech }) => kind === 'group' || speech !== socketio)];
  const conversation = makeConversation(
    participants.map(({ person }) => person),
    kind,
  );
  return { conversation, listeners, senders: sending };
}

const against = (peer: string, entries: readonly string[], target: Partial<Comparison> = {}): Comparison[] =>
  entries.map((entry) => ({ entry, with: [peer], ...target }));

function saturated(listeners: number, smoke: number, inFlight: number, entries: readonly string[], isJudged: boolean) {
  const raw = RAW.filter((entry) => entries.includes(entry));
  return fanOut({
    name: `fan-out-${listeners}`,
    title: `one conversation, ${listeners} listeners, saturated`,
    real: { conversations: 1, listeners, inFlight },
    smoke: { conversations: 1, listeners: smoke },
    kind: 'channel',
    entries,
    comparisons: [
      ...against('ws', raw, isJudged ? { atLeast: 10 } : {}),
      ...against('socket.io', ['parlance:socketio'], isJudged ? { atLeast: 1.5 } : {}),
      ...against('pipeline', raw),
      ...against('ws', ['ws-prepared', 'nest-ws', 'pipeline']),
    ],
  });
}

function oneInFlight(listeners: number, smoke: number): ScenarioMaker {
  const entries = ['ws', 'ws-prepared', 'socket.io', 'pipeline', 'parlance:flat', 'parlance:tribe', 'parlance:typing'];
  return fanOut({
    name: `one-in-flight-${listeners}`,
    title: `one conversation, ${listeners} listeners, the next message when all have heard the last`,
    real: { conversations: 1, listeners, inFlight: 1 },
    smoke: { conversations: 1, listeners: smoke },
    kind: 'channel',
    entries,
    comparisons: [
      ...against('ws-prepared', ['parlance:typing', 'parlance:flat', 'parlance:tribe'], { atLeast: 0.9 }),
      ...against('pipeline', ['parlance:flat', 'parlance:tribe']),
      ...against('ws', ['parlance:flat']),
    ],
  });
}

function rooms(real: Shape, smoke: Omit<Shape, 'inFlight'>, atLeast?: number): ScenarioMaker {
  const entries = ['ws', 'ws-prepared', 'socket.io', 'nest-ws', 'pipeline', 'parlance:flat', 'parlance:tribe'];
  return fanOut({
    name: `rooms-${real.conversations}x${real.listeners}`,
    title: `${real.conversations} conversations of ${real.listeners} listeners, saturated`,
    real,
    smoke,
    kind: 'group',
    entries,
    comparisons: [
      ...against('ws', ['parlance:flat', 'parlance:tribe'], atLeast === undefined ? {} : { atLeast }),
      ...against('pipeline', ['parlance:flat']),
      ...against('ws', ['ws-prepared', 'pipeline']),
    ],
  });
}

export const fanOuts: readonly ScenarioMaker[] = [
  saturated(100, 10, 512, ['ws', 'ws-prepared', 'socket.io', 'pipeline', ...RAW, 'parlance:socketio'], false),
  saturated(
    1_000,
    20,
    128,
    ['ws', 'ws-prepared', 'socket.io', 'nest-ws', 'pipeline', ...RAW, 'parlance:socketio'],
    true,
  ),
  // Without `pets`, which tells each of 5,000 of each other's coming: 12 million frames before the first message.
  saturated(
    5_000,
    30,
    32,
    ['ws', 'ws-prepared', 'socket.io', 'pipeline', 'parlance:flat', 'parlance:tribe', 'parlance:socketio'],
    false,
  ),
  oneInFlight(100, 10),
  oneInFlight(1_000, 20),
  oneInFlight(5_000, 30),
  rooms({ conversations: 100, listeners: 50, inFlight: 4 }, { conversations: 4, listeners: 5 }, 1.3),
  rooms({ conversations: 20, listeners: 50, inFlight: 20 }, { conversations: 3, listeners: 5 }),
  rooms({ conversations: 1_000, listeners: 5, inFlight: 1 }, { conversations: 10, listeners: 3 }),
  fanOut({
    name: 'mixed',
    title: 'one conversation, 1,000 listeners of one dialect or of several, saturated',
    real: { conversations: 1, listeners: 1_000, inFlight: 128 },
    smoke: { conversations: 1, listeners: 20 },
    kind: 'channel',
    entries: [...RAW, 'parlance:socketio', 'parlance:raw-mixed', 'parlance:all-mixed'],
    comparisons: [
      { entry: 'parlance:raw-mixed', with: RAW, atLeast: 0.8 },
      { entry: 'parlance:all-mixed', with: [...RAW, 'parlance:socketio'] },
    ],
  }),
  fanOut({
    name: 'two-nodes-fan-out',
    title: 'one conversation, 1,000 listeners, on one node or on two that share its core',
    real: { conversations: 1, listeners: 1_000, inFlight: 128 },
    smoke: { conversations: 1, listeners: 20 },
    kind: 'group',
    entries: ['parlance:flat', 'parlance-redis:flat', 'parlance-two:flat'],
    comparisons: [
      { entry: 'parlance-redis:flat', with: ['parlance:flat'] },
      { entry: 'parlance-two:flat', with: ['parlance-redis:flat'] },
    ],
  }),
];
