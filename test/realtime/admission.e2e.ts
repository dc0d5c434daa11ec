import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { until } from '../faults/harness/waiting.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { connectErrorOf } from '../../src/testing/socketio.js';

const CLIENTS = 1_130;
const PEOPLE = 22;
const POOL_SIZE = 3;

/** As its user's program, which comes again when it is told to. */
class Client {
  /** Seconds that it was told to wait, each time that it was refused. */
  readonly advice: number[] = [];
  readonly problems: unknown[] = [];
  isIn = false;
  private raw: WebSocket | undefined;

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async comeIn(): Promise<void> {
    while (!(await this.attempt())) await delay(1_000 * (this.advice.at(-1) ?? 1));
    this.isIn = true;
  }

  async close(): Promise<void> {
    this.raw?.terminate();
    if (this.raw?.readyState === WebSocket.CLOSING) await once(this.raw, 'close');
  }

  private attempt(): Promise<boolean> {
    const headers = { authorization: `Bearer ${this.token}` };
    this.raw = new WebSocket(`${this.url}/ws`, { headers });
    return new Promise((resolve) => {
      this.raw!.on('open', () => resolve(true));
      this.raw!.on('unexpected-response', (_, answer: IncomingMessage) => {
        if (answer.statusCode !== 503) this.problems.push(answer.statusCode);
        this.advice.push(Number(answer.headers['retry-after']));
        answer.resume().on('end', () => resolve(false));
      });
      this.raw!.on('error', (error) => {
        this.problems.push(error.message);
        resolve(false);
      });
    });
  }
}

describe('when everyone connects at once', () => {
  let server: TestServer;
  let people: Person[];
  beforeAll(async () => {
    server = await startServer({
      RATE_LIMITS: 'off',
      DATABASE_POOL_SIZE: String(POOL_SIZE),
      MAX_CONNECTIONS_PER_USER: String(CLIENTS),
    });
    people = [];
    for (let index = 0; index < PEOPLE; index++) people.push(await Person.register(server));
  });
  afterAll(() => server.close());

  it(
    'more than can be let in are told to come again, not all at the same time; all get in, and sends go on meanwhile',
    { timeout: 120_000 },
    async () => {
      const [ada, bob] = people as [Person, Person];
      const conversation = await ada.rest.converse(bob);
      const sender = await ada.flat('ext=ack');
      const clients = Array.from({ length: CLIENTS }, (_, index) => {
        return new Client(server.wsUrl, people[2 + (index % (PEOPLE - 2))]!.token);
      });

      const letGo = holdTheDatabase(server);
      const arrivals = Promise.all(clients.map((client) => client.comeIn()));
      const refused = (): number => clients.filter(({ advice }) => advice.length > 0).length;
      await until('some are refused', 30_000, () => refused() >= 50);
      const { data } = (await connectErrorOf(server.url, { auth: { token: bob.token } })) as {
        data?: { status: number; retry_after: number };
      };
      await letGo();

      let slowest = 0;
      let sent = 0;
      while (clients.some(({ isIn }) => !isIn)) {
        const began = performance.now();
        const name = `meanwhile ${++sent}`;
        sender.send({ conversation_id: conversation, content: name, client_message_id: name });
        expect(await sender.next()).toMatchObject({ event: 'ack', client_message_id: name });
        slowest = Math.max(slowest, performance.now() - began);
        await delay(5);
      }
      await arrivals;

      expect(data).toEqual({ status: 503, retry_after: expect.any(Number) });
      expect(slowest).toBeLessThan(5_000);
      expect(sent).toBeGreaterThan(1);
      expect(clients.flatMap(({ problems }) => problems)).toEqual([]);
      const advice = new Set(clients.flatMap(({ advice }) => advice));
      expect(advice.size).toBeGreaterThan(1);
      for (const seconds of advice) expect([1, 2, 3, 4, 5]).toContain(seconds);
      await Promise.all(clients.map((client) => client.close()));
    },
  );
});

/** Has every connection to the database in use. @returns how to give them back */
function holdTheDatabase({ app }: TestServer): () => Promise<void> {
  let letGo = (): void => {};
  const end = new Promise<void>((resolve) => (letGo = resolve));
  const size = process.env.PARLANCE_TEST_DATABASE_URL ? POOL_SIZE : 1;
  const held = Array.from({ length: size }, () => app.get(UnitOfWork).run(() => end));
  return async () => {
    letGo();
    await Promise.all(held);
  };
}
