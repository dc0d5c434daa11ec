import { createServer } from 'node:net';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runServer, type ServerProcess, spawnServer } from '../support/spawned-server.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Starts a server that cannot be. @returns all that it wrote */
async function refusalOf(settings: Record<string, string>): Promise<string> {
  const server = runServer(settings, await temporaryDirectory());
  expect(await server.exited).toEqual({ code: 1, signal: null });
  return server.stdout() + server.stderr();
}

/** A server that runs until the test is over. */
async function running(settings: Record<string, string>, dataDir: string) {
  const server = await spawnServer(settings, dataDir);
  onTestFinished(async () => void (await server.kill('SIGKILL')));
  return server;
}

const logOf = (server: ServerProcess): unknown[] =>
  server
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('a server that starts', () => {
  it('says so in one line, with its addresses and how long it took', async () => {
    const server = await running({ PORT: '0,0' }, await temporaryDirectory());
    expect(logOf(server)).toEqual([
      { level: 30, time: expect.any(String), msg: 'ready', urls: server.urls, ms: expect.any(Number) },
    ]);
    expect(server.urls).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), expect.any(String)]);
    expect(server.stderr()).toBe('');
  });

  it('reads a .env file where it is started; the environment goes before it', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, '.env'), 'PORT=not-a-port\nLOG_LEVEL=loud\n');
    const server = runServer({ PORT: '0' }, directory);
    await server.exited;
    expect(server.stderr()).toMatch(/^LOG_LEVEL must be .*, not "loud"\n$/);
  });
});

describe('a server that cannot start says why in one line, which names the setting', () => {
  it.each([
    [{ PORT: 'http' }, 'PORT must be a whole number from 0 to 65535, not "http"\n'],
    [{ NODE_ENV: 'production' }, 'JWT_SECRET is required in production\n'],
    [{ DATABASE_URL: 'postgres://127.0.0.1:1/x' }, /^DATABASE_URL cannot be used: .*ECONNREFUSED.*\n$/],
    [{ DATA_DIR: '/dev/null' }, /^DATA_DIR cannot be used: .*\n$/],
  ])('%j', async (settings, expected) => {
    const refusal = await refusalOf(settings);
    expect(refusal).toMatch(expected);
    expect(refusal.split('\n')).toHaveLength(2);
  });

  it('a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    expect(await refusalOf({ PORT: `0,${port}`, LOG_LEVEL: 'silent' })).toMatch(
      new RegExp(`^PORT ${port} cannot be listened at: .*EADDRINUSE.*\n$`),
    );
  });

  it('a data directory that another server has open', async () => {
    const directory = await temporaryDirectory();
    await running({}, directory);
    expect(await refusalOf({ DATA_DIR: directory })).toBe(`DATA_DIR ${directory} is in use by another server\n`);
  });
});

describe('a fault that nobody expected', () => {
  it('is told in one line, and ends the process', async () => {
    const fault = "process.on('SIGUSR2',()=>{Promise.reject(new/**/Error('boom'))})";
    const preload = `--import=data:text/javascript,${encodeURIComponent(fault)}`;
    const server = await spawnServer({ NODE_OPTIONS: preload }, await temporaryDirectory());
    expect(await server.kill('SIGUSR2')).toEqual({ code: 1, signal: null });
    expect(logOf(server).at(-1)).toMatchObject({ level: 60, msg: 'unexpected fault', err: { message: 'boom' } });
    expect(server.stderr()).toBe('');
  });
});
