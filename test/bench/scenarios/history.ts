import { Client } from '../generator/client.js';
import { HttpClient } from '../generator/http.js';
import { contentOf } from '../generator/order.js';
import { median, quantile, Worlds } from '../measuring.js';
import type { Comparison, Entry, Figures, ScenarioMaker } from '../scenario.js';
import { flat } from '../speech.js';
import type { Subject } from '../subjects.js';
import { type Conversation, makeConversation, makePeople, type Person } from '../world.js';

const PAGE = 50;
/** Messages of one statement that makes them. */
const CHUNK = 100_000;

/**
 * Has a conversation have a long past. Ids go up with the time, as those of real messages do.
 *
 * @param ordinal tells its messages' ids from other conversations'
 */
async function writePast(
  { database }: Subject,
  { id, participants }: Conversation,
  count: number,
  ordinal: number,
): Promise<void> {
  for (let from = 0; from < count; from += CHUNK) {
    await database!.query(
      `INSERT INTO messages (id, conversation_id, seq, sender_id, content, message_type, created_offset, change_offset, created_at)
       SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7000' || lpad(to_hex(32768 + $5), 4, '0')
           || lpad(to_hex(n), 12, '0'))::uuid,
         $1, n, $2, 'message ' || n || repeat('.', 40), 'text', n, n, to_timestamp(1700000000 + n)
       FROM generate_series($3::integer + 1, $4::integer) AS n`,
      [id, participants[0]!.id, from, Math.min(count, from + CHUNK), ordinal],
    );
  }
  await database!.query(`UPDATE conversations SET last_seq = $2, last_offset = $2 WHERE id = $1`, [id, count]);
  await database!.query(`ANALYZE messages`);
}

type Task = (address: Subject['addresses'][number], person: Person, conversation: Conversation) => Promise<Doing>;

/** One thing that is done over and over, and how to end it. */
interface Doing {
  once(): Promise<void>;
  end(): Promise<void>;
}

/** Reads a page by REST. @param query says which */
function reading(query: () => string): Task {
  return async (address, person, { id }) => {
    const http = await HttpClient.open(address, person.token);
    return {
      async once() {
        const { status, body } = await http.get(`/api/v1/conversations/${id}/messages?limit=${PAGE}${query()}`);
        const { data } = JSON.parse(body) as { data: unknown[] };
        if (status !== 200 || data.length !== PAGE) throw new Error(`${status} with ${data.length} messages`);
      },
      end: async () => http.close(),
    };
  };
}

/** Sends by a socket, and waits for the acknowledgement. */
const writing: Task = async (address, person, conversation) => {
  const seat = { person, conversation };
  const client = await Client.open(address, flat.request(seat), flat);
  let count = 0;
  return {
    async once() {
      const acknowledged = new Promise<void>((resolve) => (client.whenAcked = resolve));
      client.send(flat.say(seat, contentOf(0, count++)));
      await acknowledged;
    },
    async end() {
      await client.fence();
      const { acked, unexpected, problem } = client;
      client.close();
      if (acked !== count) throw new Error(`${acked} of ${count} are acknowledged: ${unexpected ?? problem}`);
    },
  };
};

/** One thing after the other, in a conversation with a short past and in one with a long one. */
export const history: ScenarioMaker = (size) => {
  const lengths = { short: size.smoke ? 100 : 1_000, long: size.smoke ? 2_000 : 1_000_000 };
  const people = makePeople(2);
  const conversations = { short: makeConversation(people), long: makeConversation(people) };
  const world = new Worlds({ people, conversations: Object.values(conversations) });
  const written = new WeakSet<Subject>();
  const prepare = async (subject: Subject): Promise<void> => {
    await world.in(subject);
    if (written.has(subject)) return;
    written.add(subject);
    await writePast(subject, conversations.short, lengths.short, 0);
    await writePast(subject, conversations.long, lengths.long, 1);
  };
  const entry = (name: string, length: 'short' | 'long', task: Task): Entry => ({
    name: `parlance:${name}-${length}`,
    subject: 'parlance',
    async measure(subject): Promise<Figures> {
      await prepare(subject);
      const doing = await task(subject.addresses[0]!, people[0]!, conversations[length]);
      const times: number[] = [];
      const until = (seconds: number): number => performance.now() + seconds * 1000;
      for (const warm = until(size.seconds / 3); performance.now() < warm;) await doing.once();
      await subject.pin();
      for (const over = until(size.seconds); performance.now() < over || times.length === 0;) {
        const from = performance.now();
        await doing.once();
        times.push(performance.now() - from);
      }
      await doing.end();
      const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
      return { value: median(times), 'mean ms': mean, 'p99 ms': quantile(times, 0.99) };
    },
  });
  const older = (length: 'short' | 'long') => () =>
    `&before=${PAGE + 1 + Math.floor(Math.random() * (lengths[length] - PAGE))}`;
  const tasks = {
    newest: () => reading(() => ''),
    older: (length: 'short' | 'long') => reading(older(length)),
    send: () => writing,
  };
  const names = Object.keys(tasks) as (keyof typeof tasks)[];
  return {
    name: 'history',
    title: `a conversation with ${lengths.long} messages against one with ${lengths.short}: a page read by REST, a message sent`,
    unit: 'ms',
    shape: { ...lengths, page: PAGE },
    entries: names.flatMap((name) =>
      (['short', 'long'] as const).map((length) => entry(name, length, tasks[name](length))),
    ),
    comparisons: names.map((name): Comparison => ({
      entry: `parlance:${name}-long`,
      with: [`parlance:${name}-short`],
      atMost: 1.2,
    })),
  };
};
