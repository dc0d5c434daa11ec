import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePorts } from '../support/free-ports.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { execForm, readDockerfile, type Stage, textsOf } from './dockerfile.js';

const run = promisify(execFile);
const stages = readDockerfile('Dockerfile');
const [build, image] = stages as [Stage, Stage];

/** What is let past `.dockerignore`, which keeps everything out that it does not name. */
const admitted = readFileSync('.dockerignore', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1));

/** A `COPY` from the working directory. */
const copies = (stage: Stage) =>
  textsOf(stage, 'COPY')
    .filter((text) => !text.startsWith('--from'))
    .map((text) => text.split(' '))
    .map((parts) => ({ sources: parts.slice(0, -1), target: parts.at(-1)! }));

describe('the image', () => {
  it('is made of files that are there and are let in', () => {
    const sources = stages.flatMap(copies).flatMap((copy) => copy.sources);
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);
    expect(new Set(sources)).toEqual(new Set(admitted));
    expect(readFileSync('.dockerignore', 'utf8')).toMatch(/^\*$/m);
  });

  it('runs as nobody special, in production, and gets the signals itself', () => {
    expect(textsOf(image, 'USER')).toEqual(['1000:1000']);
    expect(environment()).toMatchObject({ NODE_ENV: 'production', PORT: '8000' });
    expect(execForm(textsOf(image, 'CMD').at(-1))).toEqual(['node', 'dist/main.js']);
    expect(textsOf(image, 'ENTRYPOINT')).toEqual([]);
    expect(textsOf(image, 'RUN')).toContain(`install -d -o node -g node -m 0700 ${environment().DATA_DIR}`);
  });

  /** What the image's own environment is. */
  function environment(): Record<string, string> {
    const pairs = textsOf(image, 'ENV').flatMap((text) => text.split(' '));
    return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
  }

  // Half a minute's work that has nothing to do with which database the suites run on: once is enough.
  it.skipIf(process.env.PARLANCE_TEST_DATABASE_URL)(
    'can be built by its own steps, starts with what they left, is healthy and stops',
    { timeout: 300_000 },
    async () => {
      const [from, to, data] = [await temporaryDirectory(), await temporaryDirectory(), await temporaryDirectory()];
      await replay(build, from, async (command) => {
        if (command.startsWith('npm ci')) await symlink(resolve('node_modules'), join(from, 'node_modules'));
        else await run('sh', ['-c', command], { cwd: from });
      });
      await replay(image, to, async (command) => {
        const install = /^npm ci [^&]*/.exec(command)?.[0]; // and not what cleans a cache that is not the image's here
        if (install) await run('sh', ['-c', `${install} --prefer-offline --no-audit --no-fund`], { cwd: to });
      });
      await cp(join(from, 'dist'), join(to, 'dist'), { recursive: true });
      expect(await readdir(join(to, 'node_modules'))).not.toContain('vitest');

      const [port] = await freePorts(1);
      const env = { PATH: process.env.PATH, ...environment(), PORT: `${port}`, HOST: '127.0.0.1', DATA_DIR: data };
      const [probe = '', ...question] = execForm(textsOf(image, 'HEALTHCHECK').at(-1)) ?? [];
      await expect(run(probe, question, { cwd: to, env })).rejects.toMatchObject({ code: 1 });
      const [program = '', ...args] = execForm(textsOf(image, 'CMD').at(-1)) ?? [];
      const server = spawn(program, args, { cwd: to, env: { ...env, JWT_SECRET: 'x'.repeat(32) } });
      onTestFinished(() => void server.kill('SIGKILL'));
      await Promise.race([once(server.stdout, 'data'), ended(server)]);
      await expect(run(probe, question, { cwd: to, env })).resolves.toMatchObject({ stderr: '' });
      server.kill('SIGTERM');
      expect(await once(server, 'exit')).toEqual([0, null]);
    },
  );

  /** Rejects when a process ends, with what it said of that. */
  async function ended(server: ChildProcess): Promise<never> {
    let said = '';
    server.stderr!.setEncoding('utf8').on('data', (part: string) => (said += part));
    await once(server, 'close');
    throw new Error(`the server ended: ${said}`);
  }

  /** Does a stage's steps in a directory that stands for its `WORKDIR`. */
  async function replay(stage: Stage, directory: string, command: (text: string) => Promise<void>): Promise<void> {
    for (const { name, text } of stage.instructions) {
      if (name === 'COPY' && !text.startsWith('--from')) {
        const [copy] = copies({ name: undefined, instructions: [{ name, text }] });
        for (const source of copy!.sources) {
          const target = copy!.target.endsWith('/')
            ? join(directory, copy!.target, source)
            : join(directory, copy!.target);
          await mkdir(resolve(target, '..'), { recursive: true });
          await cp(source, target, { recursive: true, filter: (path) => !path.endsWith('.spec.ts') });
        }
      } else if (name === 'RUN') {
        await command(text);
      }
    }
  }
});
