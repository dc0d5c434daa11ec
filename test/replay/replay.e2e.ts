import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf, Socket } from '../../src/testing/socket.js';
import { SocketIoClient } from '../../src/testing/socketio.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TSX = join(ROOT, 'node_modules/.bin/tsx');
const GOLDEN = join(ROOT, 'test/golden/tribe.jsonl');

/** Milliseconds for a program that starts, and a frame that does not come. */
const PATIENCE = 60_000;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function replay(...words: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(TSX, ['scripts/replay/replay.ts', ...words], { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/** A copy of the golden session of `tribe`, changed. */
async function altered(change: (lines: string[]) => string[]): Promise<string> {
  const file = join(await temporaryDirectory(), 'altered.jsonl');
  const lines = (await readFile(GOLDEN, 'utf8')).trimEnd().split('\n');
  await writeFile(file, change(lines).join('\n'));
  return file;
}

describe('npm run replay', { timeout: PATIENCE }, () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it('says that a recording plays as recorded, and exits with 0', async () => {
    expect(await replay(GOLDEN, '--url', server.url)).toEqual({
      code: 0,
      stdout: `${GOLDEN}: as recorded\n`,
      stderr: '',
    });
  });

  it('shows the fields of a frame that are not as recorded, and exits with 1', async () => {
    const file = await altered((lines) =>
      lines.map((line) => (line.includes('message.new') ? line.replace('"username":', '"login":') : line)),
    );
    const { code, stdout } = await replay(file, '--url', server.url);
    expect(code).toBe(1);
    expect(stdout).toContain('1 difference');
    expect(stdout).toMatch(/altered\.jsonl:\d+ {2}connection 2 \(tribe, user 2\): not as recorded/);
    expect(stdout).toMatch(/- recorded data\.sender\.login: "user-1-\w+"/);
    expect(stdout).toMatch(/\+ now {6}data\.sender\.username: "user-1-\w+"/);
  });

  it('shows a frame that does not come, and one that was not recorded', async () => {
    const missing = await altered((lines) => {
      const pong = lines.findLast((line) => line.includes('"event":"pong"'))!;
      return lines.toSpliced(lines.indexOf(pong) + 1, 0, pong.replace('pong', 'pang'));
    });
    const { stdout } = await replay(missing, '--url', server.url);
    expect(stdout).toContain('a frame did not come');
    expect(stdout).toContain('- recorded {"event":"pang"}');
    const unexpected = await altered((lines) => lines.filter((line) => !line.includes('"event":"pong"')));
    const { code, stdout: told } = await replay(unexpected, '--url', server.url, '--json');
    expect(code).toBe(1);
    const { findings } = JSON.parse(told) as { findings: { kind: string; now: unknown }[] };
    expect(findings.map(({ kind, now }) => ({ kind, now }))).toContainEqual({
      kind: 'unexpected',
      now: { event: 'pong' },
    });
  });

  it('shows a handshake and a call that end otherwise', async () => {
    const file = await altered((lines) =>
      lines.map((line) => line.replace('"refused":401', '"refused":403').replace('"status":201', '"status":200')),
    );
    const { stdout } = await replay(file, '--url', server.url);
    expect(stdout).toContain('- recorded "refused with 403"');
    expect(stdout).toContain('- recorded status: 200');
  });

  it.each([
    ['', /line 1: not a parlance recording/],
    ['{"format":"parlance recording","version":2}', /line 1: not a parlance recording of version 1/],
    ['{"format":"parlance recording","version":1}\n\nnonsense', /line 3: not a JSON object/],
    ['{"format":"parlance recording","version":1}\n{"at":1}', /line 2: neither a setup nor something that happened/],
  ])('says what is wrong with a file that is no recording, and exits with 2: %j', async (text, message) => {
    const file = join(await temporaryDirectory(), 'none.jsonl');
    await writeFile(file, text);
    const { code, stderr } = await replay(file, '--url', server.url);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('says that a server is away, and exits with 2', async () => {
    expect(await replay(GOLDEN, '--url', 'http://127.0.0.1:9')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('http://127.0.0.1:9 does not answer'),
    });
  });
});

describe('npm run record', { timeout: PATIENCE }, () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  /** Runs the recorder while something goes through it. @returns the file */
  async function recorded(through: (address: { url: string; wsUrl: string }) => Promise<void>): Promise<string> {
    const file = join(await temporaryDirectory(), 'recording.jsonl');
    const words = ['scripts/record/record.ts', '--to', server.url, '--out', file];
    const child = spawn(TSX, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8');
    const url = await new Promise<string>((resolve, reject) => {
      child.on('exit', () => reject(new Error(`the recorder ended: ${said}`)));
      child.stdout.on('data', (part: string) => {
        said += part;
        const found = /connect to (\S+);/.exec(said)?.[1];
        if (found) resolve(found);
      });
    });
    await through({ url, wsUrl: url.replace('http', 'ws') });
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
    expect(said).toContain('Read it before you send it.');
    return file;
  }

  it('keeps what goes through, for its owner to read, and nothing that is someone’s', async () => {
    const ann = await Person.register(server, { username: 'ann.archer', full_name: 'Ann Archer' });
    const bob = await Person.register(server);
    const id = await ann.rest.converse(bob);
    const text = `My password is ${bob.token}`;
    const file = await recorded(async (recorder) => {
      const bobs = await Socket.open('tribe', `${recorder.wsUrl}/api/v1/ws`, {
        protocols: ['parlance.tribe', `bearer.${bob.token}`],
        headers: { cookie: 'session=very-secret' },
      });
      expect(bobs.raw.protocol).toBe('parlance.tribe');
      bobs.send({ event: 'subscribe', conversation_id: id });
      await bobs.take(2);
      const here = await ann.login(recorder);
      await here.rest.say(id, text);
      expect((await bobs.next()).data.content).toBe(text);
      await bobs.close();
    });
    const written = await readFile(file, 'utf8');
    const secrets = [
      ann.token,
      bob.token,
      ann.email,
      bob.email,
      ann.id,
      bob.id,
      id,
      'very-secret',
      'password',
      'Archer',
    ];
    for (const secret of secrets) expect(written).not.toContain(secret);
    expect(written).toContain('"opens":{"dialect":"tribe","document":"tribe.md","path":"/api/v1/ws"');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await replay(file, '--url', server.url)).toMatchObject({ code: 0 });
  });

  it('passes on refusals, close codes and what is not JSON as they are', async () => {
    const ann = await Person.register(server);
    const file = await recorded(async (recorder) => {
      expect(await refusalOf(`${recorder.wsUrl}/ws`)).toMatchObject({ status: 401, body: { statusCode: 401 } });
      const socket = await (await ann.login(recorder)).flat();
      socket.send('nonsense');
      expect(await socket.next()).toMatchObject({ event: 'error' });
      socket.send('x'.repeat(70_000));
      expect(await socket.closed).toMatchObject({ code: 1009 });
    });
    expect(await readFile(file, 'utf8')).toContain('"closes":"server","code":1009');
    expect(await replay(file, '--url', server.url)).toMatchObject({ code: 0 });
  });

  it('takes a Socket.IO client that begins by polling and goes on by websocket for one connection', async () => {
    const [ann, bob] = [await Person.register(server), await Person.register(server)];
    const id = await ann.rest.converse(bob);
    const file = await recorded(async (recorder) => {
      const anns = await SocketIoClient.open(recorder.url, { auth: { token: ann.token } });
      await anns.ask('join_conversation', id);
      await new Promise((resolve) => {
        if (anns.raw.io.engine.transport.name === 'websocket') resolve(undefined);
        else anns.raw.io.engine.once('upgrade', resolve);
      });
      await anns.ask('send_message', { conversationId: id, content: 'by websocket' });
      await anns.next();
      await anns.close();
    });
    const written = await readFile(file, 'utf8');
    expect(written.match(/"opens"/g)).toHaveLength(1);
    expect(written).toContain('"transport":"polling"');
    expect(await replay(file, '--url', server.url)).toMatchObject({ code: 0 });
  });

  it('never writes into a file that is there', async () => {
    const file = join(await temporaryDirectory(), 'there.jsonl');
    await writeFile(file, 'mine');
    const child = spawn(TSX, ['scripts/record/record.ts', '--to', server.url, '--out', file], {
      cwd: ROOT,
      stdio: 'ignore',
    });
    expect(await once(child, 'exit')).toEqual([2, null]);
    expect(await readFile(file, 'utf8')).toBe('mine');
  });
});
