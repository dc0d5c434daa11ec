import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '../generator/client.js';
import { Kind } from '../generator/scanner.js';
import { busy, median, Worlds } from '../measuring.js';
import type { Entry, Figures, ScenarioMaker } from '../scenario.js';
import { flat, pets, relay, socketio, type Seat, type Speech, tribe } from '../speech.js';
import type { Subject } from '../subjects.js';
import { type Conversation, makeConversation, makePeople, type Person } from '../world.js';

/** A plain echo, for those who are nobody and hear nothing. */
const echo: Speech = { ...relay, request: () => ({ path: '/echo' }) };

/** Milliseconds in which what was asked for must be answered. */
const PATIENCE = 15_000;
/** Handshakes at the same time. */
const AT_ONCE = 64;

/** Connects all of these, some at a time. */
async function connectAll(subject: Subject, seats: readonly Seat[], speech: Speech): Promise<Client[]> {
  const { addresses } = subject;
  const clients: Client[] = [];
  let next = 0;
  const connect = async (): Promise<void> => {
    for (let index = next++; index < seats.length; index = next++) {
      const seat = seats[index]!;
      const client = await Client.open(addresses[index % addresses.length]!, speech.request(seat), speech);
      clients.push(client);
      await speech.enter?.(client, seat);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, connect));
    return clients;
  } catch (error) {
    closeAll(clients);
    throw error;
  }
}

function closeAll(clients: readonly Client[]): void {
  for (const client of clients) client.close();
}

/** Everyone in one conversation of so many. */
function seatsIn(people: readonly Person[], perConversation: number): { seats: Seat[]; conversations: Conversation[] } {
  const conversations: Conversation[] = [];
  for (let start = 0; start < people.length; start += perConversation) {
    conversations.push(makeConversation(people.slice(start, start + perConversation)));
  }
  const seats = conversations.flatMap((conversation) =>
    conversation.participants.map((person): Seat => ({ person, conversation })),
  );
  return { seats, conversations };
}

/** Processor time of one small frame in and its answer out. */
const ping: ScenarioMaker = (size) => {
  const clients = size.smoke ? 5 : 50;
  const people = makePeople(clients);
  const { seats, conversations } = seatsIn(people, clients);
  const world = new Worlds({ people, conversations });
  const frame = '{"event":"ping"}';
  const entry = (name: string, subjectName: Entry['subject'], speech: Speech): Entry => ({
    name,
    subject: subjectName,
    async measure(subject) {
      await world.in(subject);
      const players = await connectAll(subject, seats, speech);
      try {
        if (!size.smoke) await subject.calm();
        let isOver = false;
        const total = { sent: 0, answered: 0 };
        for (const player of players) {
          const play = (): void => {
            total.sent++;
            player.send(frame);
          };
          player.whenHeard = (count) => {
            total.answered += count;
            if (!isOver) play();
          };
          play();
        }
        await delay((size.seconds * 1000) / 3);
        const [before, from, at] = [total.answered, subject.cpu.server, performance.now()];
        await subject.profiling(() => delay(size.seconds * 1000));
        const [count, cpu, time] = [total.answered - before, subject.cpu.server - from, performance.now() - at];
        isOver = true;
        const giveUpAt = performance.now() + PATIENCE;
        while (total.answered !== total.sent && performance.now() < giveUpAt) await delay(2);
        for (let turn = 0; turn < 2; turn++) await Promise.all(players.map((player) => player.fence()));
        if (total.answered !== total.sent) {
          throw new Error(`${total.sent} pings were answered ${total.answered} times`);
        }
        return { value: (cpu * 1000) / count, 'answers/s': (count * 1000) / time };
      } finally {
        closeAll(players);
      }
    },
  });
  // A pong is what is counted here.
  const pinging: Speech = {
    ...tribe,
    peek: '{"event":"po'.length,
    sort: (bytes, at) => (bytes.toString('latin1', at + 10, at + 12) === 'po' ? Kind.MESSAGE : Kind.OTHER),
  };
  return {
    name: 'ping',
    title: 'processor time of the server for a small frame in and its answer out',
    unit: 'µs a frame',
    shape: { clients, 'in flight': 'one of each client' },
    entries: [entry('ws', 'ws', echo), entry('parlance:tribe', 'parlance', pinging)],
    comparisons: [{ entry: 'parlance:tribe', with: ['ws'], atMost: 1.5 }],
  };
};

/** Of Parlance, each with a token, and in a conversation with others that it hears. */
const connects: ScenarioMaker = (size) => {
  const count = size.smoke ? 40 : Math.round(1_000 * Math.max(1, size.seconds));
  const people = makePeople(count);
  const { seats, conversations } = seatsIn(people, 50);
  const world = new Worlds({ people, conversations });
  const entry = (name: string, subjectName: Entry['subject'], speech: Speech): Entry => ({
    name,
    subject: subjectName,
    async measure(subject) {
      await world.in(subject);
      closeAll(await connectAll(subject, seats, speech)); // of a server that has been running, not of one that warms up
      if (!size.smoke) await subject.calm();
      await subject.pin();
      const [cpu, own, from] = [subject.cpu, process.cpuUsage(), performance.now()];
      const clients = await subject.profiling(() => connectAll(subject, seats, speech));
      const time = performance.now() - from;
      const used = process.cpuUsage(own);
      const now = subject.cpu;
      if (clients.length !== count) throw new Error(`${clients.length} of ${count} are connected`);
      await Promise.all(clients.map((client) => client.fence()));
      const problem = clients.find((client) => client.problem !== undefined)?.problem;
      closeAll(clients);
      if (problem !== undefined) throw new Error(problem);
      if (!size.smoke) await subject.calm();
      return {
        value: (count * 1000) / time,
        'server µs/connection': ((now.server - cpu.server) * 1000) / count,
        'database µs/connection': ((now.database - cpu.database) * 1000) / count,
        ...busy({
          seconds: time / 1000,
          server: now.server - cpu.server,
          database: now.database - cpu.database,
          generator: (used.user + used.system) / 1000,
        }),
      };
    },
  });
  return {
    name: 'connects',
    title: 'connections a second: of Parlance with a token and a conversation, of ws with neither',
    unit: 'connections/s',
    shape: { connections: count, 'at once': AT_ONCE, 'a conversation': 50 },
    entries: [
      entry('ws', 'ws', echo),
      entry('socket.io', 'socket.io', { ...socketio, ...socketIoPlain }),
      entry('parlance:flat', 'parlance', flat),
      entry('parlance:tribe', 'parlance', tribe),
      entry('parlance-embedded:flat', 'parlance-embedded', flat),
    ],
    comparisons: [
      { entry: 'parlance:flat', with: ['ws'], atLeast: 0.5 },
      { entry: 'parlance:tribe', with: ['ws'], atLeast: 0.5 },
      { entry: 'parlance-embedded:flat', with: ['ws'] },
      { entry: 'parlance:flat', with: ['socket.io'] },
    ],
  };
};

const socketIoPlain: Pick<Speech, 'request' | 'enter'> = {
  request: () => ({ path: '/socket.io/?EIO=4&transport=websocket' }),
  async enter(client) {
    await client.next();
    client.send('40');
    await client.next();
  },
};

/** What is more in use when so many are connected, divided by their number, of a server that has done nothing before. */
const memory: ScenarioMaker = (size) => {
  const count = size.smoke ? 50 : 10_000;
  const people = makePeople(count);
  const { seats, conversations } = seatsIn(people, 50);
  const world = new Worlds({ people, conversations });
  const entry = (name: string, subjectName: Entry['subject'], speech: Speech): Entry => ({
    name,
    subject: subjectName,
    async measure(subject) {
      await world.in(subject);
      closeAll(await connectAll(subject, seats.slice(0, count / 10), speech)); // what is made at the first use
      if (!size.smoke) await subject.calm();
      const before = await subject.server.memory();
      const clients = await connectAll(subject, seats, speech);
      await Promise.all(clients.map((client) => client.fence()));
      if (!size.smoke) await subject.calm();
      const after = await subject.server.memory();
      const problem = clients.find((client) => client.problem !== undefined)?.problem;
      closeAll(clients);
      if (problem !== undefined) throw new Error(problem);
      const perClient = (bytes: number): number => bytes / count / 1024;
      return {
        value: perClient(after.rss - before.rss),
        'heap KiB': perClient(after.heapUsed - before.heapUsed),
        'external KiB': perClient(after.external - before.external),
      } satisfies Figures;
    },
  });
  return {
    name: 'memory',
    title: 'resident memory of an idle connection: of Parlance in a conversation of 50, of ws in none',
    unit: 'KiB',
    shape: { connections: count, 'a conversation': 50 },
    entries: [
      entry('ws', 'ws', echo),
      entry('socket.io', 'socket.io', { ...socketio, ...socketIoPlain }),
      entry('parlance:flat', 'parlance', flat),
      entry('parlance:tribe', 'parlance', tribe),
    ],
    comparisons: [
      { entry: 'parlance:flat', with: ['ws'], atMost: 1.5 },
      { entry: 'parlance:tribe', with: ['ws'], atMost: 1.5 },
      { entry: 'parlance:flat', with: ['socket.io'] },
    ],
    needsFreshServers: true,
  };
};

/** How long it takes to come in for someone who takes part in many conversations, which nobody else hears just then. */
const manyConversations: ScenarioMaker = (size) => {
  const count = size.smoke ? 20 : 1_000;
  const [busy, lonely, other] = makePeople(3) as [Person, Person, Person];
  const conversations = [
    ...Array.from({ length: count }, () => makeConversation([busy, other])),
    makeConversation([lonely, other]),
  ];
  const world = new Worlds({ people: [busy, lonely, other], conversations });
  const entry = (name: string, person: Person, speech: Speech, subjectName: Entry['subject'] = 'parlance'): Entry => ({
    name,
    subject: subjectName,
    async measure(subject) {
      await world.in(subject);
      const times: number[] = [];
      for (let round = 0; round < (size.smoke ? 2 : 10); round++) {
        const seat = { person, conversation: conversations[0]! };
        const from = performance.now();
        const [client] = await connectAll(subject, [seat], speech);
        times.push(performance.now() - from);
        client!.close();
        await delay(size.smoke ? 20 : 200); // until the server has noticed
      }
      return { value: median(times), 'first ms': times[0]!, 'max ms': Math.max(...times) };
    },
  });
  return {
    name: 'many-conversations',
    title: `how long until someone who takes part in ${count} conversations is in, and someone who does in one`,
    unit: 'ms',
    shape: { conversations: count },
    entries: [
      entry('parlance:flat-one', lonely, flat),
      entry('parlance:flat', busy, flat),
      entry('parlance:pets', busy, pets),
      entry('parlance:tribe', busy, tribe),
      entry('parlance-embedded:flat', busy, flat, 'parlance-embedded'),
    ],
    comparisons: ['parlance:flat', 'parlance:pets', 'parlance:tribe', 'parlance-embedded:flat'].map((name) => ({
      entry: name,
      with: ['parlance:flat-one'],
      limit: 100,
    })),
  };
};

export const connections: readonly ScenarioMaker[] = [ping, connects, memory, manyConversations];
