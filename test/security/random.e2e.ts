import * as fc from 'fast-check';
import type { OpenAPIObject } from '@nestjs/swagger';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descriptionOf } from '../../src/dialects/frame.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import { channels } from '../../src/dialects/channels/channels.presenter.js';
import { dashboard } from '../../src/dialects/dashboard/dashboard.presenter.js';
import { flat } from '../../src/dialects/flat/flat.presenter.js';
import { pets } from '../../src/dialects/pets/pets.presenter.js';
import { socketio } from '../../src/dialects/socketio/socketio.presenter.js';
import { tribe } from '../../src/dialects/tribe/tribe.presenter.js';
import { ADAPTERS } from '../../src/testing/conformance/adapters.js';
import { Person } from '../../src/testing/person.js';
import { createDatabase, type OwnDatabase } from '../../src/testing/database.js';
import { AnswerSchemas } from '../../src/testing/published.js';
import { Socket } from '../../src/testing/socket.js';
import { SocketIoClient } from '../../src/testing/socketio.js';
import { spawnServer, type SpawnedServer } from '../support/spawned-server.js';
import { anyBytes, anyJson, damaged, type JsonText, type Known, near } from './support/random.js';
import { type RandomRequest, requestsNear } from './support/requests.js';
import { upgradeRequest, Wire } from './support/wire.js';

/** Fewer where someone waits for them; CI tries a hundred thousand. */
const INPUTS = Number(process.env.INPUTS ?? 10_000);
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);

/** Inputs between two fences. */
const BATCH = 100;
const SHARES = { frames: 0.78, requests: 0.2, bytes: 0.01, handshakes: 0.01 };

const HANDSHAKE_HEADERS =
  'Sec-WebSocket-Protocol Sec-WebSocket-Key Sec-WebSocket-Version Sec-WebSocket-Extensions Upgrade Origin Host User-Email'.split(
    ' ',
  );

const ERROR_LEVEL = 50;

describe('A server that is sent anything', () => {
  let dataDir: string;
  let database: OwnDatabase | undefined;
  let server: SpawnedServer;
  /** One for each way in, all in one conversation. */
  let people: Person[];
  let known: Known;
  let sessionId: string;

  beforeAll(async () => {
    console.log(`SEED=${SEED} INPUTS=${INPUTS}`);
    dataDir = await mkdtemp(join(tmpdir(), 'parlance-test-'));
    const postgres = process.env.PARLANCE_TEST_DATABASE_URL;
    database = postgres ? await createDatabase(postgres) : undefined;
    const settings = { RATE_LIMITS: 'off', HEADER_AUTH: 'dev', SEND_BUFFER_BYTES: `${64 * 1024 * 1024}` };
    server = await spawnServer({ ...settings, ...(database && { DATABASE_URL: database.url }) }, dataDir);
    const roles = ['member', 'member', 'member', 'client', 'provider', 'host', 'host'];
    people = await Promise.all(roles.map((role) => Person.register(server, { role })));
    const [ann, , , owner, provider, host] = people as [Person, Person, Person, Person, Person, Person];
    const id = await ann.rest.converse(...people.slice(1));
    const { body: conversation } = await ann.rest.get(`/conversations/${id}`).expect(200);
    const { body: pet } = await owner.rest.post('/pets', { name: 'Rex' }).expect(201);
    sessionId = (await host.rest.post('/sessions', { title: 'A session' }).expect(201)).body.id as string;
    const names = [id, conversation.number, 'a-channel'];
    known = {
      conversation_id: names,
      conversationId: names,
      channel_id: names,
      toUserId: [1, 2, ann.id],
      pet_id: [pet.id],
      providers: [provider.id],
      sender_id: [ann.id],
      since: [0, 1, 5],
    };
  });
  afterAll(async () => {
    await server.kill('SIGKILL');
    await database?.drop();
    await rm(dataDir, { recursive: true });
  });

  it(
    `answers each of ${INPUTS} inputs as its documents say, fails at none, and works on`,
    async () => {
      const outcome = await Promise.race([everything().then(() => 'sent'), server.exited]);
      expect(outcome, `SEED=${SEED}: ${server.stderr()}`).toBe('sent');
      await stillWorks();
      expect(errorsInLog(), `SEED=${SEED}`).toEqual([]);
      expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(server.stderr()).toBe('');
    },
    15 * 60_000,
  );

  const everything = (): Promise<unknown> => Promise.all([randomFrames(), randomRequests(), randomBytes()]);

  /** What the seed makes of an arbitrary; `salt` tells those of one kind apart. */
  function sample<T>(arbitrary: fc.Arbitrary<T>, count: number, salt: number): T[] {
    return fc.sample(arbitrary, { numRuns: count, seed: SEED + salt });
  }

  function errorsInLog(): string[] {
    const lines = server.stdout().split('\n');
    return lines.filter((line) => Number(/"level":(\d+)/.exec(line)?.[1]) >= ERROR_LEVEL).slice(0, 5);
  }

  async function randomFrames(): Promise<void> {
    const spoken = [flat, tribe, channels, pets, socketio, dashboard] as const;
    const count = Math.ceil((INPUTS * SHARES.frames) / spoken.length / 2);
    await Promise.all(
      spoken.flatMap((dialect, index) =>
        ['', 'ack,resume,edits'].map((extensions, which) =>
          converse(dialect, people[index]!, extensions, count, index * 2 + which),
        ),
      ),
    );
  }

  /** Sends frames near those of a dialect's document, a fence after each batch. */
  async function converse(dialect: Dialect, person: Person, ext: string, count: number, salt: number): Promise<void> {
    const voice = await Voice.open(dialect, person, server, ext, sessionId);
    const frames = framesNear(dialect, { ...known, sender_id: [person.id] });
    for (let sent = 0, batch = 0; sent < count; sent += BATCH, batch++) {
      const inputs = sample(frames, Math.min(BATCH, count - sent), salt * 100_000 + batch);
      for (const input of inputs) voice.send(input);
      const answers = await voice.answers().catch((error: Error) => [error.message]);
      const faults = answers.filter((answer) => /Something went wrong|not available|did not come|instead/.test(answer));
      if (faults.length > 0) {
        throw new Error(`SEED=${SEED}: ${dialect.name}, batch ${batch}: ${faults.join()}\n${errorsInLog().join('\n')}`);
      }
    }
    await voice.close();
  }

  async function randomRequests(): Promise<void> {
    const { body: document } = (await request(server.url).get('/docs-json').expect(200)) as { body: OpenAPIObject };
    const schemas = new AnswerSchemas(document);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const [ann, , , owner, , , host] = people;
    const other = await Person.register(server);
    const group = await host!.rest.converse(ann!, other);
    const message = await host!.rest.say(group, 'a message');
    const ids = [group, message.id, ann!.id, sessionId, 'a-channel', message.number, 1];
    const facts = { ...known, '{}': ids, conversation_id: [group], participant_ids: [other.id], user_ids: [other.id] };
    const tokens = [host!.token, host!.token, owner!.token];
    const requests = requestsNear(document, { ...facts, refresh_token: ['none'] }, tokens);
    const expendable = await host!.login();
    const count = Math.ceil(INPUTS * SHARES.requests);
    for (let sent = 0, batch = 0; sent < count; sent += BATCH, batch++) {
      const inputs = sample(requests, Math.min(BATCH, count - sent), 50_000_000 + batch);
      await Promise.all(
        inputs.map(async (input) => {
          const headers = input.route?.endsWith('/logout')
            ? { ...input.headers, authorization: `Bearer ${expendable.token}` }
            : input.headers;
          const answer = await ask({ ...input, headers }, agent);
          const isPublished = input.route !== undefined && answer.isJson;
          if (isPublished) schemas.check(input.method, input.route, answer.status, JSON.parse(answer.text));
          if (answer.status >= 500 || !(isPublished || hasForm(answer, input))) {
            const what = `${JSON.stringify(input)} was answered ${answer.status} ${answer.text}`;
            throw new Error(`SEED=${SEED}: ${what}\n${errorsInLog().join('\n')}`);
          }
        }),
      );
    }
    agent.destroy();
  }

  interface Answer {
    readonly status: number;
    readonly isJson: boolean;
    readonly text: string;
  }

  function ask({ method, path, headers, body }: RandomRequest, agent: Agent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(server.url, { agent, method, path, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => {
          const isJson = answer.headers['content-type']?.startsWith('application/json') ?? false;
          resolve({ status: answer.statusCode ?? 0, isJson, text });
        });
      });
      sent.on('error', (error) => reject(new Error(`SEED=${SEED}: ${method} ${path}: ${error.message}`)));
      if (body !== undefined) sent.setHeader('content-length', Buffer.byteLength(body));
      sent.end(body);
    });
  }

  /** What is refused where no route is, or before one is asked, has the one form that errors have. */
  function hasForm({ status, isJson, text }: Answer, { path }: RandomRequest): boolean {
    if (status < 400 || path.startsWith('/socket.io')) return true;
    const body = (isJson ? JSON.parse(text) : {}) as { statusCode?: number; message?: unknown };
    const said = [body.message].flat().every((sentence) => typeof sentence === 'string');
    return Object.keys(body).toSorted().join() === 'error,message,statusCode' && body.statusCode === status && said;
  }

  /** Bytes that are no frames, and handshakes that are none: each on a connection of its own. */
  async function randomBytes(): Promise<void> {
    const { token } = people[0]!;
    const doors = ['/ws', '/api/v1/ws', '/socket.io/?EIO=4&transport=websocket'];
    const bytes = sample(anyBytes, Math.ceil(INPUTS * SHARES.bytes), 60_000_000);
    for (const [index, each] of bytes.entries()) {
      const headers = { Authorization: `Bearer ${token}` };
      const wire = await Wire.upgrade(server.url, doors[index % doors.length]!, headers);
      await wire.push(each);
      wire.socket.end();
      await wire.closed;
    }
    const line = fc.string({ unit: fc.constantFrom(...'/?&=%.wsapiv1token-:0{}"\\~é\t') });
    const handshake = fc.tuple(line, fc.dictionary(fc.constantFrom(...HANDSHAKE_HEADERS), line, { maxKeys: 2 }));
    for (const [path, headers] of sample(handshake, Math.ceil(INPUTS * SHARES.handshakes), 70_000_000)) {
      const wire = await Wire.open(server.url);
      wire.write(Buffer.from(upgradeRequest(`/${path}`, { Authorization: `Bearer ${token}`, ...headers }), 'latin1'));
      const head = await wire.until('\r\n\r\n');
      expect(head, `SEED=${SEED}: ${path} ${JSON.stringify(headers)}`).toMatch(/^HTTP\/1\.1 (101|200|4\d\d) /);
      wire.destroy();
    }
  }

  async function stillWorks(): Promise<void> {
    const [ann, bob] = [await Person.register(server), await Person.register(server)];
    const id = await ann.rest.converse(bob);
    const { body } = await ann.rest.get(`/conversations/${id}`).expect(200);
    for (const adapter of ADAPTERS) {
      const client = await adapter.open(bob);
      adapter.enter?.(client, { id, number: body.number as number });
      await client.untilFence();
      await ann.rest.say(id, adapter.dialect);
      const heard = (await client.untilFence()).map((frame: unknown) => adapter.heardIn(frame));
      expect(heard).toContain(`new ${adapter.dialect}`);
      await client.close();
    }
  }
});

/** Frames near each that a dialect's clients may send, and any others. */
function framesNear(dialect: Dialect, known: Known): JsonText {
  const examples = Object.entries(dialect.frames.in).map(([event, type]) => {
    const { example } = descriptionOf(type);
    return dialect === socketio
      ? near(example, known, 'payload').map((payload) => `["${event}",${payload}]`)
      : near(example, known);
  });
  const other = dialect === socketio ? anyJson.map((payload) => `["send_message",${payload}]`) : anyJson;
  return damaged(fc.oneof(...examples.map((arbitrary) => ({ weight: 6, arbitrary })), { weight: 3, arbitrary: other }));
}

/** A client of any dialect that sends text as it is. */
interface Voice {
  send(text: string): void;
  /** All that came, as JSON, before the answer to a fence. */
  answers(): Promise<string[]>;
  close(): Promise<void> | void;
}

const Voice = {
  async open(
    { name }: Dialect,
    { token }: Person,
    { url, wsUrl }: SpawnedServer,
    ext: string,
    sessionId: string,
  ): Promise<Voice> {
    const toText = (frames: unknown[]): string[] => frames.map((frame) => JSON.stringify(frame));
    if (name === 'socketio') {
      const client = await SocketIoClient.open(url, { transports: ['websocket'], auth: { token, ext } });
      const engine = client.raw.io.engine;
      let packets = 0;
      return {
        send: (text) => void engine.write(`2${++packets % 2 === 0 ? packets : ''}${text}`),
        answers: async () => toText(await client.untilFence()),
        close: () => client.close(),
      };
    }
    if (name === 'dashboard') {
      const socket = await Socket.open('dashboard', `${wsUrl}/ws/dashboard/${sessionId}?token=${token}`);
      return {
        send: (text) => socket.send(text),
        // It answers nothing: that it has read everything is told by its pong.
        async answers() {
          await new Promise((resolve) => {
            socket.raw.once('pong', resolve);
            socket.raw.ping();
          });
          return [];
        },
        close: () => socket.close(),
      };
    }
    const query = `dialect=${name}&token=${token}&ext=${ext}`;
    const socket = await Socket.open(name, `${wsUrl}/ws?${query}`);
    return {
      send: (text) => socket.send(text),
      answers: async () => toText(await socket.untilFence()),
      close: () => socket.close(),
    };
  },
};
