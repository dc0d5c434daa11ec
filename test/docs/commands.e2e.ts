import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { freePorts } from '../support/free-ports.js';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.js';
import { commandsIn, EXCEPTIONS, ROOT } from './commands.js';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** What the pages use beside Node; `.ci/run` installs what is missing of it. */
const PROGRAMS = ['curl', 'jq', 'psql', 'tar'];

/** Milliseconds for all commands of a page. */
const PATIENCE = 180_000;

/** A call of `npx wscat`, as the shell has made it. */
interface Wscat {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Every command of every page, and why it is not run, if it is not. */
const COMMANDS = PAGES.flatMap((page) =>
  commandsIn(readFileSync(join(ROOT, page), 'utf8')).map((command) => ({
    page,
    command,
    exception: EXCEPTIONS.find(({ pattern }) => pattern.test(command.text)),
  })),
);
const NOT_RUN = COMMANDS.flatMap(({ page, command, exception }) =>
  exception ? [{ page, command, ...exception }] : [],
);
const RUN = PAGES.map((page) => {
  const run = COMMANDS.filter((one) => one.page === page && !one.exception).map(({ command }) => command);
  const used = PROGRAMS.filter((program) => run.some(({ text }) => new RegExp(`\\b${program}\\b`).test(text)));
  const missing = used.filter((program) => spawnSync(program, ['--version']).error);
  return { page, run, missing, note: missing.length > 0 ? ` (left out: there is no ${missing.join(', ')})` : '' };
}).filter(({ run }) => run.length > 0);

describe('A command that is not run names what there is:', () => {
  it.each(NOT_RUN)('$page, line $command.line ($because)', ({ command, check }) => {
    expect(() => check(command.text)).not.toThrow();
  });
});

describe.each(RUN)('The commands of $page$note', ({ run, missing }) => {
  let home: string;
  let server: SpawnedServer;
  let ports: number[];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'parlance-docs-'));
    for (const entry of readdirSync(ROOT)) {
      if (!['data', '.git', '.env'].includes(entry)) symlinkSync(join(ROOT, entry), join(home, entry));
    }
    mkdirSync(join(home, 'data'));
    ports = await freePorts(2);
    server = await spawnServer({ PORT: String(ports[0]), LOG_LEVEL: 'info' }, join(home, 'data'));
  });
  afterAll(async () => {
    await server?.kill('SIGTERM');
    rmSync(home, { recursive: true, force: true });
  });

  it.skipIf(missing.length > 0)('work, one after the other', { timeout: PATIENCE }, async () => {
    const wscats = join(home, 'wscats');
    writeFileSync(wscats, '');
    const output = await shell([NPX, ...run.map(({ text }) => onPorts(text, ports))].join('\n'), home, wscats);
    const calls = readFileSync(wscats, 'utf8').trimEnd().split('\n').filter(Boolean);
    const channel = /^[0-9a-f]{8}-[0-9a-f-]{27}$/m.exec(output)?.[0] ?? '';
    const frames = run.filter(({ text }) => text.startsWith('npx wscat')).map((command) => command.frames);
    expect(calls).toHaveLength(frames.length);
    if (calls.length > 0) await converse(calls.map(toWscat), frames, channel);
  });
});

it('Every page has its commands looked at', () => {
  expect(COMMANDS.length).toBeGreaterThan(30);
  expect(RUN.map(({ page }) => page)).toContain('README.md');
});

/** A terminal is needed for `npx wscat`: its arguments are kept, and clients of ours do what it would. */
const NPX = String.raw`npx() { printf '%s\t' "$@" >> "$WSCATS"; echo >> "$WSCATS"; }`;

/** Runs a script; what fails in it fails the test. @returns what it has printed */
async function shell(script: string, cwd: string, wscats: string): Promise<string> {
  const { DATABASE_URL: _, REDIS_URL: __, DATA_DIR: ___, ...env } = process.env;
  const bash = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env: { ...env, WSCATS: wscats, LOG_LEVEL: 'info' },
    detached: true, // a group of its own, so that whatever it has begun ends with it
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [bash.stdout, bash.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (output += part));
  const isLate = setTimeout(() => process.kill(-bash.pid!, 'SIGKILL'), PATIENCE - 20_000);
  const [code] = (await once(bash, 'exit')) as [number | null];
  clearTimeout(isLate);
  expect(code, output.slice(-3_000)).toBe(0);
  return output;
}

/** The server is where there is room; the pages have it at port 8000, and what is put up beside it at 8001. */
function onPorts(text: string, [first, second]: readonly number[]): string {
  return text
    .replaceAll('localhost:8000', `127.0.0.1:${first}`)
    .replaceAll(/localhost:(8001|9000)/g, `127.0.0.1:${second}`)
    .replaceAll('PORT=8001', `PORT=${second}`);
}

function toWscat(call: string): Wscat {
  const words = call.split('\t');
  const headers = words.flatMap((word, index) =>
    words[index - 1] === '-H' ? [word.split(': ', 2) as [string, string]] : [],
  );
  return { url: words[words.indexOf('-c') + 1]!, headers: Object.fromEntries(headers) };
}

/** Opens each, types its frames, and expects what the last one says to arrive at the others. */
async function converse(
  wscats: readonly Wscat[],
  frames: readonly (readonly string[])[],
  channel: string,
): Promise<void> {
  const heard: string[][] = [];
  const sockets: WebSocket[] = [];
  for (const [index, { url, headers }] of wscats.entries()) {
    const socket = new WebSocket(url, { headers });
    const log: string[] = [];
    heard.push(log);
    sockets.push(socket);
    socket.on('message', (data) => log.push((data as Buffer).toString()));
    await once(socket, 'open');
    for (const frame of frames[index]!) {
      socket.send(frame.replace("<the channel's id>", channel));
      if (index < wscats.length - 1) await expect.poll(() => log.join(), { timeout: 10_000 }).toContain('subscribed');
    }
  }
  const [joined, subscribed] = heard;
  await expect.poll(() => joined!.join(), { timeout: 10_000 }).toContain('"type":"new_message"');
  await expect.poll(() => subscribed!.join(), { timeout: 10_000 }).toContain('"event":"message.new"');
  for (const socket of sockets) socket.terminate();
}
