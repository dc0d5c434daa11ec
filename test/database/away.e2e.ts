import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { OwnPostgres } from '../faults/harness/own-postgres.js';
import { Line } from '../../src/testing/line.js';
import { until } from '../faults/harness/waiting.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf, type Socket } from '../../src/testing/socket.js';
import { connectErrorOf, SocketIoClient } from '../../src/testing/socketio.js';

const PROGRAMS = '/usr/lib/postgresql';
const hasPrograms = existsSync(PROGRAMS);
if (!hasPrograms) console.log(`left out: a PostgreSQL of the tests' own, since ${PROGRAMS} is not there`);

/** Milliseconds within which a send is answered, and is acknowledged again. */
const PROMISED = 5_000;

/** A way for the database to be away. */
interface Fault {
  /** For what is sent meanwhile. */
  readonly name: string;
  /** What readiness says of the database. */
  readonly readiness: string;
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

/** Answers whoever connects as a PostgreSQL does that is not ready yet. */
class StartingServer {
  private readonly server: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      const fields = ['SFATAL', 'VFATAL', 'C57P03', 'Mthe database system is starting up', ''].join('\0') + '\0';
      const header = Buffer.alloc(5);
      header.write('E');
      header.writeInt32BE(4 + fields.length, 1);
      socket.end(Buffer.concat([header, Buffer.from(fields)]));
    });
  });

  async listen(port: number): Promise<void> {
    await once(this.server.listen(port, '127.0.0.1'), 'listening');
  }

  async close(): Promise<void> {
    await once(this.server.close(), 'close');
  }
}

/** Someone who sends in one way. @returns `stored`, or how the send was refused */
interface Sender {
  readonly way: string;
  readonly send: (content: string) => Promise<string>;
}

describe.runIf(hasPrograms)('while the database is away', () => {
  let postgres: OwnPostgres;
  let line: Line;
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let conversation: { id: string; number: number };
  let listener: Socket;
  const heard: string[] = [];
  let sockets: Socket[];
  let socketio: SocketIoClient;
  let senders: Sender[];
  const starting = new StartingServer();

  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    line = await Line.to(postgres.port);
    server = await startServer({ DATABASE_URL: postgres.urlAt(line.port), RATE_LIMITS: 'off' });
    [ada, bob] = await Promise.all([Person.register(server), Person.register(server)]);
    const id = await ada.rest.converse(bob);
    conversation = (await ada.rest.get(`/conversations/${id}`)).body as typeof conversation;
    listener = await bob.flat();
    const [flat, tribe, channels, pets] = await Promise.all([
      ada.flat('ext=ack'),
      ada.tribe(),
      ada.channels(),
      ada.pets('ext=ack'),
    ]);
    sockets = [listener, flat, tribe, channels, pets];
    socketio = await SocketIoClient.open(server.url, { auth: { token: ada.token } });
    senders = [
      {
        way: 'REST',
        async send(content) {
          const { status, headers } = await ada.rest
            .post(`/conversations/${id}/messages`, { content, client_message_id: content })
            .timeout(2 * PROMISED);
          if (status === 201 || status === 200) return 'stored';
          return `${status}, ${headers['retry-after'] === undefined ? 'without' : 'with'} Retry-After`;
        },
      },
      {
        way: 'flat',
        send: (content) =>
          answerOn(flat, { conversation_id: id, content, client_message_id: content }, ({ event, message }) =>
            event === 'ack' ? 'stored' : event === 'error' ? message : undefined,
          ),
      },
      {
        way: 'pets',
        send: (content) =>
          answerOn(
            pets,
            {
              sender_id: ada.id,
              event: 'message',
              params: { conversation_id: id, content, client_message_id: content },
            },
            ({ event, params }) =>
              event === 'message_ack' ? 'stored' : event === 'error' ? params.message : undefined,
          ),
      },
      {
        way: 'socketio',
        async send(content) {
          const message = { conversationId: conversation.number, content, client_message_id: content };
          const { ok, error } = await socketio.ask('send_message', message);
          return ok ? 'stored' : error;
        },
      },
      {
        way: 'socketio to a user', // who must be found first
        async send(content) {
          const message = { toUserId: bob.id, content, client_message_id: content };
          const { ok, error } = await socketio.ask('send_message', message);
          return ok ? 'stored' : error;
        },
      },
    ];
  });
  afterAll(async () => {
    await server.close();
    line.close();
    await postgres.remove();
  });

  const faults: [string, Fault][] = [
    [
      'stopped at once, its connections reset',
      {
        name: 'stop',
        readiness: 'does not answer',
        begin: () => postgres.stopImmediately(),
        end: () => postgres.restart(),
      },
    ],
    [
      'out of reach, its connections refused',
      { name: 'cut', readiness: 'refuses connections', begin: () => line.cut(), end: () => line.open() },
    ],
    [
      'cut off without a word',
      { name: 'silence', readiness: 'does not answer', begin: () => line.silence(), end: () => line.open() },
    ],
    [
      'standing still',
      { name: 'freeze', readiness: 'does not answer', begin: () => postgres.freeze(), end: () => postgres.thaw() },
    ],
    [
      'starting up',
      {
        name: 'start',
        readiness: 'is starting up or shutting down',
        async begin() {
          line.cut();
          await starting.listen(line.port);
        },
        async end() {
          await starting.close();
          await line.open();
        },
      },
    ],
  ];

  async function readiness(): Promise<[status: number, database: string]> {
    const answer = await fetch(`${server.url}/health/ready`);
    const text = await answer.text();
    for (const secret of ['127.0.0.1', 'postgres', 'parlance']) expect(text).not.toContain(secret);
    const { details } = JSON.parse(text) as { details: { database: { status: string; message?: string } } };
    return [answer.status, details.database.message ?? details.database.status];
  }

  it('(not yet) sends are acknowledged', async () => {
    for (const { send, way } of senders) expect(await send(`before: ${way}`), way).toBe('stored');
  });

  it.each(faults)(
    '(%s) sends, requests and handshakes are refused in time, no socket closes, and all works when it is back',
    { timeout: 60_000 },
    async (_, fault) => {
      await fault.begin();
      const late: string[] = [];
      const inTime = async (what: string, answer: Promise<unknown>, expected: unknown): Promise<void> => {
        const asked = performance.now();
        expect(await answer, what).toEqual(expected);
        const took = Math.round(performance.now() - asked);
        if (took >= PROMISED) late.push(`${what}: ${took} ms`);
      };
      const refused = 'The service is not available, try again';
      const rounds = async (round: number): Promise<void> => {
        // What one connection sends waits its turn where someone must be found first: it is answered in time all the same.
        const hurried = senders.filter(({ way }) => way === 'socketio to a user');
        await Promise.all([
          ...[...senders, ...hurried, ...hurried].map(({ way, send }, index) =>
            inTime(
              way,
              send(`${fault.name}, ${round}.${index}: ${way}`),
              way === 'REST' ? '503, with Retry-After' : refused,
            ),
          ),
          inTime('a list', statusOf(ada.rest.get('/conversations').timeout(2 * PROMISED)), 503),
          inTime('a handshake', refusal(`${server.wsUrl}/ws`, ada.token), 503),
          inTime('a handshake of Socket.IO', connectRefusal(server.url, ada.token), 503),
          inTime('readiness', statusOf(fetch(`${server.url}/health/ready`)), 503),
          inTime('life', statusOf(fetch(`${server.url}/health/live`)), 200),
        ]);
      };
      await rounds(1);
      await rounds(2);
      expect(await readiness()).toEqual([503, fault.readiness]);
      expect(late).toEqual([]);
      expect(sockets.map(({ raw }) => raw.readyState)).toEqual(sockets.map(() => 1));
      expect(socketio.raw.connected).toBe(true);

      await fault.end();
      const back = performance.now();
      await Promise.all(
        senders.map(({ way, send }) =>
          until(
            `${way} is acknowledged`,
            2 * PROMISED,
            async () => (await send(`${fault.name}, after: ${way}`)) === 'stored',
          ),
        ),
      );
      expect(performance.now() - back).toBeLessThan(PROMISED);
      await until('the server is ready', PROMISED, async () => (await readiness())[0] === 200);
      expect(sockets.map(({ raw }) => raw.readyState)).toEqual(sockets.map(() => 1));

      const { body } = await bob.rest.get(`/conversations/${conversation.id}/messages?limit=100`).expect(200);
      const stored = (body as { data: { content: string }[] }).data.map(({ content }) => content).toReversed();
      expect(new Set(stored).size).toBe(stored.length);
      expect(stored).toEqual(expect.arrayContaining(senders.map(({ way }) => `${fault.name}, after: ${way}`)));
      while (heard.length < stored.length) heard.push((await listener.next()).content as string);
      expect(heard).toEqual(stored);
    },
  );

  it('(busy elsewhere) sends that wait for each other are refused in time too', { timeout: 60_000 }, async () => {
    const other = new Client({ connectionString: postgres.urlAt(postgres.port) });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM conversations FOR UPDATE');
    const [rest] = senders;
    const first = rest!.send('locked, first');
    await until('the first waits for the lock', PROMISED, async () => {
      const waiting = await postgres.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      return waiting.length === 1;
    });
    const asked = performance.now();
    expect(await rest!.send('locked, second')).toBe('503, with Retry-After');
    expect(performance.now() - asked).toBeLessThan(PROMISED);
    expect(await first).toBe('503, with Retry-After');
    await other.end();
    expect(await rest!.send('locked, after')).toBe('stored');
  });

  it('readiness says that every connection is in use, and that nothing can be stored', async () => {
    const unitOfWork = server.app.get(UnitOfWork);
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const held = Array.from({ length: 10 }, () => unitOfWork.run(() => finished));
    expect(await readiness()).toEqual([503, 'has every connection in use']);
    finish();
    await Promise.all(held);
    expect(await readiness()).toEqual([200, 'up']);

    await postgres.query('ALTER ROLE CURRENT_USER SET default_transaction_read_only = on');
    await postgres.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parlance'`);
    await until('readiness says so', PROMISED, async () => (await readiness())[1] === 'is read-only');
    expect(await senders[0]!.send('read-only')).toBe('503, with Retry-After');
    await postgres.query('BEGIN READ WRITE; ALTER ROLE CURRENT_USER RESET ALL; COMMIT');
    await postgres.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parlance'`);
    await until('readiness says so', PROMISED, async () => (await readiness())[1] === 'up');
  });
});

/** Sends a frame. @returns what `read` makes of the first frame of which it makes anything */
async function answerOn<T>(
  socket: Socket,
  frame: object,
  // oxlint-disable-next-line typescript/no-explicit-any -- frames are looked into as they come
  read: (frame: any) => T | undefined,
): Promise<T> {
  socket.send(frame);
  for (;;) {
    const answer = read(await socket.next());
    if (answer !== undefined) return answer;
  }
}

async function statusOf(answer: PromiseLike<{ status: number }>): Promise<number> {
  return (await answer).status;
}

async function refusal(url: string, token: string): Promise<number> {
  const { status, headers } = await refusalOf(url, { headers: { authorization: `Bearer ${token}` } });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  return status;
}

async function connectRefusal(url: string, token: string): Promise<number | undefined> {
  return (await connectErrorOf(url, { auth: { token } })).data?.status;
}
