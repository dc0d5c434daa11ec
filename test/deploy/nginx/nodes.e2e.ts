import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Person } from '../../../src/testing/person.js';
import { createDatabase, type OwnDatabase } from '../../../src/testing/database.js';
import { refusalOf, Socket } from '../../../src/testing/socket.js';
import { SocketIoClient, type SocketIoOptions } from '../../../src/testing/socketio.js';
import { type SpawnedServer, spawnServer } from '../../support/spawned-server.js';
import { type Nginx, startNginx } from './nginx.js';

const { PARLANCE_TEST_DATABASE_URL: POSTGRES, PARLANCE_TEST_REDIS_URL: REDIS } = process.env;
/** Where nginx is to the nodes: another address than the clients', so that who comes to a node directly can be told apart. */
const PROXY = '127.0.0.2';
const PASSWORD = 'correct horse battery';
const SHA1 = createHash('sha1').update(PASSWORD).digest('base64');
const JWT_SECRET = randomBytes(32).toString('hex');

/** Addresses of this machine, as of so many clients. */
const ADDRESSES = Array.from({ length: 12 }, (_, index) => `127.0.0.${11 + index}`);

let database: OwnDatabase;
let directory: string;
let nodes: readonly [SpawnedServer, SpawnedServer];

beforeAll(async () => {
  if (!POSTGRES || !REDIS) throw new Error('PARLANCE_TEST_DATABASE_URL and PARLANCE_TEST_REDIS_URL must name servers');
  database = await createDatabase(POSTGRES);
  directory = await mkdtemp(join(tmpdir(), 'parlance-nodes-'));
  nodes = await startNodes();
  return async () => {
    await Promise.all(nodes.map((node) => node.kill('SIGKILL')));
    await database.drop();
    await rm(directory, { recursive: true });
  };
});

const startNodes = (): Promise<[SpawnedServer, SpawnedServer]> => Promise.all([startNode(), startNode()]);

const startNode = (): Promise<SpawnedServer> =>
  spawnServer(
    {
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      REDIS_URL: REDIS!,
      JWT_SECRET,
      DATA_DIR: '/dev/null', // a node of several has no need of one
      HEADER_AUTH: 'trusted',
      TRUSTED_PROXIES: PROXY,
      RATE_LIMITS: 'off',
    },
    directory,
  );

/** nginx before the nodes, for the length of a test; these people may come in by its other door. */
async function nginxBefore(servers: readonly SpawnedServer[], people: readonly Person[] = []): Promise<Nginx> {
  const nginx = await startNginx({
    nodes: servers.map(({ url }) => new URL(url).host),
    users: people.map(({ email }) => `${email}:{SHA}${SHA1}`),
    from: PROXY,
  });
  onTestFinished(() => nginx.remove());
  return nginx;
}

const basic = ({ email }: Person) => ({
  Authorization: `Basic ${Buffer.from(`${email}:${PASSWORD}`).toString('base64')}`,
});

/** A Socket.IO client at an address of its own. */
function connectFrom(address: string, { url, token }: Person, options: SocketIoOptions = {}): Promise<SocketIoClient> {
  const agent = new Agent({ localAddress: address, keepAlive: true });
  onTestFinished(() => agent.destroy());
  return SocketIoClient.open(url, { auth: { token }, ...options, agent: agent as never }); // typed for browsers only
}

/** A channel of the person's, by its slug and its number. */
async function openChannel(person: Person): Promise<{ slug: string; number: number }> {
  const slug = `room-${randomBytes(4).toString('hex')}`;
  const { body } = await person.rest.post('/channels', { slug }).expect(201);
  return { slug, number: body.number as number };
}

describe('each dialect, through nginx', () => {
  let nginx: Nginx;
  let ann: Person;
  beforeAll(async () => {
    nginx = await startNginx({ nodes: nodes.map(({ url }) => new URL(url).host), from: PROXY });
    ann = await Person.register(nginx.open, { role: 'host' });
  });
  afterAll(() => nginx.remove());

  const bearer = (): string => `token=${ann.token}`;

  it('flat, at /ws, is answered', async () => {
    const socket = await ann.flat('ext=ack');
    const { slug } = await openChannel(ann);
    socket.send({ conversation_id: slug, content: 'hello', client_message_id: '1' });
    expect(await socket.next()).toMatchObject({ event: 'ack', client_message_id: '1' });
    await socket.close();
  });

  it('pets, at /ws/, is answered', async () => {
    const socket = await ann.pets();
    expect(await socket.untilFence()).toEqual([]);
    await socket.close();
  });

  it('tribe, at /api/v1/ws, is answered', async () => {
    const { slug } = await openChannel(ann);
    const socket = await ann.tribeIn(slug);
    expect(await socket.untilFence()).toEqual([]);
    await socket.close();
  });

  it('channels, at /api/v1/ws with a channel, is answered', async () => {
    const { slug } = await openChannel(ann);
    const socket = await Socket.open(
      'channels',
      `${ann.url.replace('http', 'ws')}/api/v1/ws?channel_id=${slug}&${bearer()}`,
    );
    expect(await socket.next()).toMatchObject({ type: 'channel_joined' });
    expect(await socket.untilFence()).toEqual([]);
    await socket.close();
  });

  it('dashboard, at /ws/dashboard/<session>, shows a check-in', async () => {
    const { id } = (await ann.rest.post('/sessions', { title: 'Launch' }).expect(201)).body as { id: string };
    const dashboard = `${nginx.open.wsUrl}/ws/dashboard/${id}`;
    const screens = [await Socket.open('dashboard', dashboard), await Socket.open('dashboard', dashboard)];
    await ann.rest.post(`/sessions/${id}/check-ins`).expect(201);
    for (const screen of screens) expect(await screen.next()).toMatchObject({ user_id: ann.id, success: true });
    for (const screen of screens) await screen.close();
  });

  it('is refused as it would be without: in HTTP, before the socket opens', async () => {
    expect(await refusalOf(`${nginx.open.wsUrl}/ws`)).toMatchObject({ status: 401, body: { statusCode: 401 } });
    expect(await refusalOf(`${nginx.open.wsUrl}/ws/elsewhere`)).toMatchObject({ status: 404 });
  });

  it('is open to pages of its own address, and of no other', async () => {
    const from = (origin: string) => ({ headers: { Origin: origin, Authorization: `Bearer ${ann.token}` } });
    const socket = await Socket.open('flat', `${nginx.open.wsUrl}/ws`, from(nginx.open.url));
    expect(await socket.untilFence()).toEqual([]);
    await socket.close();
    expect(await refusalOf(`${nginx.open.wsUrl}/ws`, from('http://127.0.0.1'))).toMatchObject({ status: 403 });
  });
});

describe('Socket.IO clients at many addresses, before two nodes', () => {
  /** A session of a client: enter a channel, and say something again and again. */
  async function converse(client: SocketIoClient, channel: number): Promise<void> {
    expect(await client.ask('join_conversation', channel)).toMatchObject({ ok: true });
    for (const content of ['one', 'two', 'three']) {
      const sent = await client.ask('send_message', { conversationId: channel, content });
      expect(sent).toMatchObject({ ok: true, message: { content } });
    }
    expect(await client.untilFence()).toContainEqual(['new_message', expect.objectContaining({ content: 'three' })]);
  }

  it('poll for a whole session, each at one node, and both nodes have some', async () => {
    const nginx = await nginxBefore(nodes);
    const ann = await Person.register(nginx.open);
    await Promise.all(
      ADDRESSES.map(async (address) => {
        const client = await connectFrom(address, ann, { transports: ['polling'] });
        await converse(client, (await openChannel(ann)).number);
        expect(client.raw.io.engine.transport.name).toBe('polling');
        await client.close();
      }),
    );
    const { accessLog } = await nginx.end();
    const polls = accessLog.filter(({ path }) => path.startsWith('/socket.io'));
    const nodesOf = ADDRESSES.map((from) => [
      ...new Set(polls.filter(({ client }) => client === from).map(({ node }) => node)),
    ]);
    expect(nodesOf.map(({ length }) => length)).toEqual(ADDRESSES.map(() => 1));
    expect(new Set(nodesOf.flat()).size).toBe(2);
    expect(polls.length).toBeGreaterThan(ADDRESSES.length * 5); // it is polling indeed
  });

  it('hear one another, whichever node they are at', async () => {
    const ann = await Person.register((await nginxBefore(nodes)).open);
    const { number } = await openChannel(ann);
    const clients = await Promise.all(
      ADDRESSES.map((address, index) =>
        connectFrom(address, ann, { transports: [index % 2 ? 'polling' : 'websocket'] }),
      ),
    );
    for (const client of clients) expect(await client.ask('join_conversation', number)).toMatchObject({ ok: true });
    await clients[0]!.ask('send_message', { conversationId: number, content: 'to all' });
    const heard = await Promise.all(clients.map((client) => client.next()));
    expect(heard).toEqual(clients.map(() => ['new_message', expect.objectContaining({ content: 'to all' })]));
    for (const client of clients) await client.close();
  });

  it('begin by polling and change to a websocket', async () => {
    const ann = await Person.register((await nginxBefore(nodes)).open);
    await Promise.all(
      ADDRESSES.map(async (address) => {
        const client = await connectFrom(address, ann);
        const { engine } = client.raw.io;
        if (engine.transport.name !== 'websocket') await new Promise((resolve) => engine.once('upgrade', resolve));
        await converse(client, (await openChannel(ann)).number);
        expect(engine.transport.name).toBe('websocket');
        await client.close();
      }),
    );
  });
});

describe('User-Email, before real nodes', () => {
  let ann: Person;
  let bob: Person;
  beforeAll(async () => {
    [ann, bob] = [await Person.register(nodes[0]), await Person.register(nodes[0])];
  });

  const post = (url: string) => request(url).post('/api/v1/messages').send({ channel_id: 'general', content: 'hello' });

  it('is believed by the door where nginx signs in, and is then the one who signed in', async () => {
    const { byPassword } = await nginxBefore(nodes, [ann]);
    const mine = { ...basic(ann), 'User-Email': bob.email };
    const { body } = await post(byPassword.url).set(mine).expect(201);
    expect(body).toMatchObject({ sender: { id: ann.id } });
    const socket = await Socket.open('channels', `${byPassword.wsUrl}/api/v1/ws?channel_id=general`, { headers: mine });
    expect(await socket.next()).toMatchObject({ type: 'channel_joined' });
    await socket.close();
  });

  it('is not believed by the open door, nor by a node that is asked directly', async () => {
    const { open } = await nginxBefore(nodes, [ann]);
    for (const { url, wsUrl } of [open, ...nodes]) {
      await post(url).set('User-Email', ann.email).expect(401);
      await post(url).set('User-Email', ann.email).set('X-Forwarded-For', PROXY).expect(401);
      const refusal = await refusalOf(`${wsUrl}/api/v1/ws`, { headers: { 'User-Email': ann.email } });
      expect(refusal.status).toBe(401);
    }
  });

  it('is not believed of those who are not registered here', async () => {
    const nobody = { email: 'nobody@example.com' } as Person;
    const { byPassword } = await nginxBefore(nodes, [nobody]);
    await post(byPassword.url).set(basic(nobody)).expect(401);
  });
});

describe('when one of two nodes is told to stop', () => {
  it('its clients come back to the other one, and no GET fails meanwhile', { timeout: 60_000 }, async () => {
    const [leaving, staying] = await startNodes();
    onTestFinished(async () => void (await Promise.all([leaving, staying].map((node) => node.kill('SIGKILL')))));
    const nginx = await nginxBefore([leaving, staying]);
    const ann = await Person.register(nginx.open);
    const { number } = await openChannel(ann);

    const sockets = [await ann.flat(), await ann.flat(), await ann.flat(), await ann.flat()];
    const clients = await Promise.all(
      ADDRESSES.map((address, index) =>
        connectFrom(address, ann, {
          transports: [index % 2 ? 'polling' : 'websocket'],
          reconnection: true,
          reconnectionDelay: 50,
          reconnectionDelayMax: 500,
        }),
      ),
    );
    let hasStopped = false;
    const statuses = askUntil(() => hasStopped, ann);
    expect(await leaving.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    hasStopped = true;

    const fates = sockets.map((socket) =>
      socket.untilFence().then(
        () => 'stayed',
        async () => String((await socket.closed).code),
      ),
    );
    expect((await Promise.all(fates)).toSorted()).toEqual(['1012', '1012', 'stayed', 'stayed']);
    expect(new Set(await statuses)).toEqual(new Set([200]));
    for (const _ of ['two', 'are back']) expect(await (await ann.flat()).untilFence()).toEqual([]);
    await Promise.all(clients.map((client) => joinAgain(client, number)));
    for (const client of clients) await client.close();

    const { text } = await nginx.end();
    for (const secret of [ann.token, ann.refreshToken, PASSWORD]) expect(text).not.toContain(secret);
  });

  /** The answers to one question after another, until it is over. */
  async function askUntil(isOver: () => boolean, person: Person): Promise<number[]> {
    const statuses: number[] = [];
    while (!isOver()) statuses.push((await person.rest.get('/auth/me')).status);
    statuses.push((await person.rest.get('/auth/me')).status);
    return statuses;
  }

  /** Enters a channel, as often as it takes a client that looks for its server by itself. */
  async function joinAgain(client: SocketIoClient, channel: number): Promise<void> {
    const answer = await client.ask('join_conversation', channel).catch(() => undefined);
    if (!answer) await joinAgain(client, channel);
    else expect(answer).toMatchObject({ ok: true });
  }
});
