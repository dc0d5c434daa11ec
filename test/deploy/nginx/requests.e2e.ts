import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Door, type Nginx, type NginxOptions, startNginx } from './nginx.js';
import { breakOff, type Behaviour, record, type Recorded, type Recorder } from './recorder.js';

const PASSWORD = 'correct horse battery';
const SHA1 = createHash('sha1').update(PASSWORD).digest('base64');
const USERS = [`ann@example.com:{SHA}${SHA1}`];
const ANN = { Authorization: `Basic ${Buffer.from(`ann@example.com:${PASSWORD}`).toString('base64')}` };

/** What a node is told where nginx vouches for her. */
const ANNS = [['user-email', 'ann@example.com']];

/** Nobody listens there. */
const NOBODY = '127.0.0.1:1';

type Headers = Record<string, string | string[]>;

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function before(nodes: readonly Recorder[], options: Omit<NginxOptions, 'nodes'> = {}): Promise<Nginx> {
  return running({ users: USERS, ...options, nodes: nodes.map(({ address }) => address) });
}

async function running(options: NginxOptions): Promise<Nginx> {
  const nginx = await startNginx(options);
  onTestFinished(() => nginx.remove());
  return nginx;
}

/** Asks with headers as they are, each as often as it is given. */
async function ask(door: Door, path: string, headers: Headers = {}, method = 'GET', body = ''): Promise<Answer> {
  const length = { ...headers, ...(method !== 'GET' && { 'Content-Length': String(Buffer.byteLength(body)) }) };
  const asked = request(`${door.url}${path}`, { method, headers: length, agent: false });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() };
}

/** Wishes for a websocket, which a recorder refuses. @returns the status */
async function knock(door: Door, path: string, headers: Headers = {}): Promise<number | undefined> {
  const socket = new WebSocket(`${door.wsUrl}${path}`, { headers }).on('error', () => {});
  const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

const valuesOf = ({ headers }: Recorded, header: string): string[] =>
  headers.filter(([name]) => name === header).map(([, value]) => value);

/** Whatever might be taken for `User-Email` by someone. */
const claimsIn = ({ headers }: Recorded): (readonly [string, string])[] =>
  headers.filter(([name]) => /user.?email/.test(name));

const SPOOFS: Record<string, Headers> = {
  once: { 'User-Email': 'bob@example.com' },
  twice: { 'User-Email': ['bob@example.com', 'eve@example.com'] },
  'in another case': { 'uSER-eMAIL': 'bob@example.com' },
  'with an underscore': { User_Email: 'bob@example.com' },
  'in every way at once': { 'USER-EMAIL': ['bob@example.com', ''], User_Email: 'eve@example.com' },
  'as a header of this hop': { 'User-Email': 'bob@example.com', Connection: 'keep-alive, User-Email' },
};

describe('the configuration', () => {
  it('is one that nginx accepts, without a warning', async () => {
    const nginx = await running({ nodes: [NOBODY] });
    expect(await nginx.check()).not.toMatch(/warn|emerg|error/);
    expect(await nginx.check()).toContain('test is successful');
  });
});

describe('User-Email from outside', () => {
  it.each(Object.entries(SPOOFS))('sent %s, reaches no node by the open door', async (_, headers) => {
    const node = await record();
    const { open } = await before([node]);
    expect((await ask(open, '/api/v1/channels', headers)).status).toBe(200);
    expect((await ask(open, '/socket.io/?EIO=4&transport=polling', headers)).status).toBe(200);
    expect(node.requests).toHaveLength(2);
    expect(node.requests.flatMap(claimsIn)).toEqual([]);
  });

  it.each(Object.entries(SPOOFS))('sent %s with a wish for a websocket, reaches no node either', async (_, headers) => {
    const node = await record();
    const { open } = await before([node]);
    const { Connection: _hop, ...plain } = headers; // the handshake has one of its own
    for (const path of ['/ws', '/ws/', '/api/v1/ws?channel_id=general', '/socket.io/?EIO=4&transport=websocket']) {
      expect(await knock(open, path, plain)).toBe(403);
    }
    expect(node.requests).toHaveLength(4);
    expect(node.requests.flatMap((each) => valuesOf(each, 'upgrade'))).toHaveLength(4);
    expect(node.requests.flatMap(claimsIn)).toEqual([]);
  });

  it.each(Object.entries(SPOOFS))('sent %s, does not change who nginx says it is', async (_, headers) => {
    const node = await record();
    const identity = await record((_, response) => {
      response.setHeader('X-Auth-Request-Email', 'ann@example.com').end();
    });
    const { byPassword, bySignOn } = await before([node], { identity: identity.address });
    await ask(byPassword, '/api/v1/channels', { ...headers, ...ANN });
    await ask(bySignOn, '/api/v1/channels', { ...headers, 'X-Auth-Request-Email': 'eve@example.com' });
    const { Connection: _hop, ...plain } = headers;
    await knock(byPassword, '/api/v1/ws', { ...plain, ...ANN });
    await knock(bySignOn, '/api/v1/ws', plain);
    expect(node.requests.map(claimsIn)).toEqual(Array.from({ length: 4 }, () => ANNS));
  });
});

describe('the door for those whom nginx signs in', () => {
  it('is open to nobody else', async () => {
    const node = await record();
    const { byPassword } = await before([node]);
    const wrong = { Authorization: `Basic ${Buffer.from('ann@example.com:guess').toString('base64')}` };
    const others: Headers[] = [{}, wrong, { Authorization: 'Bearer x' }, { 'User-Email': 'ann@example.com' }];
    for (const headers of others) {
      expect((await ask(byPassword, '/api/v1/channels', headers)).status).toBe(401);
      expect(await knock(byPassword, '/api/v1/ws', headers)).toBe(401);
    }
    expect(node.requests).toEqual([]);
  });

  it('keeps the password to itself', async () => {
    const node = await record();
    const { byPassword } = await before([node]);
    await ask(byPassword, '/api/v1/channels', ANN);
    expect(valuesOf(node.requests[0]!, 'authorization')).toEqual([]);
  });

  it('asks a sign-on, if there is one, with the client’s own cookies and nothing of its body', async () => {
    const node = await record();
    const identity = await record((request, response) => {
      const isKnown = request.headers.cookie === 'session=ann';
      response.writeHead(isKnown ? 202 : 401, { 'X-Auth-Request-Email': isKnown ? 'ann@example.com' : '' }).end();
    });
    const { bySignOn } = await before([node], { identity: identity.address });
    expect((await ask(bySignOn, '/api/v1/messages', {}, 'POST', '{}')).status).toBe(401);
    expect(await knock(bySignOn, '/api/v1/ws', { Cookie: 'session=eve' })).toBe(401);
    expect((await ask(bySignOn, '/api/v1/messages', { Cookie: 'session=ann' }, 'POST', '{}')).status).toBe(200);
    expect(await knock(bySignOn, '/api/v1/ws', { Cookie: 'session=ann' })).toBe(403);
    expect(node.requests.map(claimsIn)).toEqual([ANNS, ANNS]);
    expect(identity.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(Array(4).fill('GET /oauth2/auth'));
    expect(identity.requests.flatMap((each) => valuesOf(each, 'upgrade'))).toEqual([]);
    expect((await ask(bySignOn, '/identity', { Cookie: 'session=ann' })).status).toBe(404);
  });
});

describe('what a node is told', () => {
  it('is where a request came from and by what address, whatever the client claims', async () => {
    const node = await record();
    const { open } = await before([node]);
    await ask(open, '/api/v1/channels?limit=1', {
      'X-Forwarded-For': '10.0.0.1',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'evil.example.com',
      'X-Forwarded-Port': '1',
      'X-Real-IP': '10.0.0.1',
      Forwarded: 'for=10.0.0.1',
      Authorization: 'Bearer token',
    });
    const [{ url, headers } = { url: '', headers: [] }] = node.requests;
    expect(url).toBe('/api/v1/channels?limit=1');
    expect(new Map(headers)).toEqual(
      new Map([
        ['authorization', 'Bearer token'],
        ['host', new URL(open.url).host],
        ['x-forwarded-for', '127.0.0.1'],
        ['x-forwarded-proto', 'http'],
      ]),
    );
    expect(headers).toHaveLength(4);
  });

  it('is its path to the letter: /ws is not /ws/', async () => {
    const node = await record();
    const { open } = await before([node]);
    const paths = ['/ws', '/ws/', '/ws/dashboard/a%2Fb', '//ws', '/api/v1/ws/'];
    for (const path of paths) await knock(open, path);
    expect(node.requests.map(({ url }) => url)).toEqual(paths);
  });

  it('is of no other protocol than websockets', async () => {
    const node = await record();
    const { open } = await before([node]);
    const h2c = { Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings', 'HTTP2-Settings': 'AAMAAABkAAQAoAAAAAIAAAAA' };
    expect((await ask(open, '/ws', h2c)).status).toBe(200);
    expect(valuesOf(node.requests[0]!, 'upgrade')).toEqual([]);
    expect(valuesOf(node.requests[0]!, 'connection')).toEqual([]);
  });

  it('is nothing of who asks for metrics, which are each node’s own', async () => {
    const node = await record();
    const { open } = await before([node]);
    expect((await ask(open, '/metrics', { Authorization: 'Bearer token' })).status).toBe(404);
    expect(node.requests).toEqual([]);
  });

  it('is a body of 256 KiB at most', async () => {
    const node = await record();
    const { open } = await before([node]);
    const post = (bytes: number) => ask(open, '/api/v1/messages', {}, 'POST', 'x'.repeat(bytes));
    expect((await post(256 * 1024)).status).toBe(200);
    const refused = await post(256 * 1024 + 1);
    expect(refused.headers['content-type']).toBe('application/json');
    expect(JSON.parse(refused.body)).toMatchObject({ statusCode: 413, error: 'Payload Too Large' });
    expect(node.requests).toHaveLength(1);
  });
});

describe('when a node is away', () => {
  /** Before two that do the same. @returns how often either was asked */
  async function countOf(method: string, behaviour: Behaviour, path = '/api/v1/messages'): Promise<[number, Answer]> {
    const nodes = [await record(behaviour), await record(behaviour)];
    const { open } = await before(nodes);
    const answer = await ask(open, path, {}, method, method === 'GET' ? '' : '{}');
    return [nodes.flatMap(({ requests }) => requests).length, answer];
  }

  it('a GET that it breaks off is answered by the other', async () => {
    const [gone, there] = [await record(breakOff), await record()];
    const { open } = await before([gone, there]);
    for (let times = 0; times < 4; times++) expect((await ask(open, '/api/v1/channels')).status).toBe(200);
    expect(gone.requests).not.toHaveLength(0);
    expect(there.requests).toHaveLength(4);
  });

  it.each(['POST', 'PATCH'])('a %s that it breaks off is not done twice', async (method) => {
    const [count, { status, headers, body }] = await countOf(method, breakOff);
    expect(count).toBe(1);
    expect(status).toBe(502);
    expect(headers['retry-after']).toBe('1');
    expect(JSON.parse(body)).toMatchObject({ statusCode: 502, error: 'Bad Gateway' });
  });

  it('what a polling client posts is not done twice either', async () => {
    const [count, { status }] = await countOf('POST', breakOff, '/socket.io/?EIO=4&transport=polling&sid=x');
    expect([count, status]).toEqual([1, 502]);
  });

  it('a refusal for the time being is passed on, and the node not given up for it', async () => {
    const nodes = [await record(refuse), await record(refuse)];
    const { open } = await before(nodes);
    for (const path of ['/api/v1/channels', '/socket.io/', '/api/v1/ws', '/ws']) {
      const { status, headers, body } = await ask(open, path);
      expect([status, headers['retry-after'], body]).toEqual([503, '7', 'busy']);
    }
    expect(nodes.flatMap(({ requests }) => requests)).toHaveLength(4);
  });

  it('a POST that could not be sent to it is done by the other', async () => {
    const there = await record();
    const { open } = await running({ nodes: [NOBODY, there.address] });
    for (let times = 0; times < 4; times++) {
      expect((await ask(open, '/api/v1/messages', {}, 'POST', '{}')).status).toBe(200);
    }
    expect(there.requests).toHaveLength(4);
  });
});

describe('what nginx writes', () => {
  it('names what was asked and which nodes, and has no token in it', async () => {
    const node = await record();
    const nginx = await before([node]);
    const headers = { Authorization: 'Bearer sesame', Referer: 'https://chat.example.com/?token=sesame' };
    await ask(nginx.open, '/api/v1/channels?token=sesame&limit=1', headers);
    await knock(nginx.open, '/ws?access_token=sesame', { 'Sec-WebSocket-Protocol': 'parlance, bearer.sesame' });
    await ask(nginx.open, '/socket.io/?token=sesame');
    const { accessLog, text } = await nginx.end();
    const byPath = accessLog.toSorted((one, other) => one.path.localeCompare(other.path)); // workers write as they come
    expect(byPath).toMatchObject([
      { client: '127.0.0.1', method: 'GET', path: '/api/v1/channels', status: 200, node: node.address },
      { client: '127.0.0.1', method: 'GET', path: '/socket.io/', status: 200, node: node.address },
      { client: '127.0.0.1', method: 'GET', path: '/ws', status: 403, node: node.address },
    ]);
    expect(text).not.toContain('sesame');
  });

  it('has none either where something went wrong', async () => {
    const nginx = await before([await record(breakOff)]);
    await ask(nginx.open, '/api/v1/channels?token=sesame');
    await ask(nginx.open, '/api/v1/channels?token=sesame', {}, 'POST', 'x'.repeat(300_000));
    await ask(nginx.open, `/api/v1/channels?token=sesame${'x'.repeat(50_000)}`);
    await ask(nginx.byPassword, '/api/v1/channels?token=sesame', { Authorization: ANN.Authorization.slice(0, -4) });
    const { accessLog, text } = await nginx.end();
    expect(accessLog).toHaveLength(4);
    expect(text).not.toContain('sesame');
  });
});

/** As a node that is full, or stops. */
const refuse: Behaviour = (_, response) => void response.writeHead(503, { 'Retry-After': '7' }).end('busy');
