import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { createDatabase } from '../../src/testing/database.js';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.js';

const POSTGRES = process.env.PARLANCE_TEST_DATABASE_URL;
const SETTINGS = { JWT_SECRET: 'one that the original and the copy know', RATE_LIMITS: 'off' };

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const run = promisify(execFile);

/** Runs commands as docs/operations.md has them. */
async function shell(commands: string, variables: Readonly<Record<string, string>>): Promise<void> {
  await run('bash', ['-e', '-c', commands], { env: { PATH: process.env.PATH, ...variables } });
}

/** Someone who writes to a channel without a pause. */
class Writer {
  /** What has been acknowledged until now, in its order. */
  readonly acknowledged: string[] = [];
  private isWriting = true;
  private readonly done: Promise<void>;

  constructor(private readonly person: Person) {
    this.done = this.write();
  }

  async until(count: number): Promise<void> {
    await vi.waitUntil(() => this.acknowledged.length >= count, { timeout: 30_000 });
  }

  async stop(): Promise<void> {
    this.isWriting = false;
    await this.done;
  }

  private async write(): Promise<void> {
    while (this.isWriting) {
      const content = `message ${this.acknowledged.length}`;
      await this.person.rest.post('/messages', { channel_id: 'kept', content }).expect(201);
      this.acknowledged.push(content);
    }
  }
}

describe('A copy that is made while everyone writes', () => {
  let home: string;
  const removals: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'parlance-backup-'));
  });
  afterEach(async () => {
    for (const remove of removals.splice(0).toReversed()) await remove();
    await rm(home, { recursive: true });
  });

  const start = async (settings: Readonly<Record<string, string>>, name: string): Promise<SpawnedServer> => {
    await run('mkdir', ['-p', join(home, name)]);
    const server = await spawnServer({ ...SETTINGS, ...settings }, join(home, name));
    removals.push(() => server.kill('SIGKILL'));
    return server;
  };

  /** Has a copy made in the middle of things. @returns what was acknowledged before, and what a server on the copy has */
  async function keep(
    original: SpawnedServer,
    copy: () => Promise<void>,
    restore: () => Promise<SpawnedServer>,
  ): Promise<{ before: string[]; kept: string[] }> {
    const ann = await Person.register(original);
    const writer = new Writer(ann);
    await writer.until(20);
    const before = [...writer.acknowledged];
    await copy();
    await writer.until(writer.acknowledged.length + 5); // the original has gone on
    await writer.stop();
    await original.kill('SIGKILL');

    const again = await ann.login(await restore());
    const { body } = await again.rest.get('/conversations/kept/messages?after=0&limit=100').expect(200);
    await again.rest.post('/messages', { channel_id: 'kept', content: 'after it' }).expect(201);
    return { before, kept: (body.data as { content: string }[]).map(({ content }) => content) };
  }

  it.skipIf(!has('psql'))(
    'of the embedded database, has every message that was acknowledged before',
    async () => {
      const data = join(home, 'original');
      const variables = { DATA: data, BACKUP: home, RESTORED: join(home, 'restored') };
      const { before, kept } = await keep(
        await start({}, 'original'),
        () =>
          shell(
            `psql -q -h "$DATA" -U postgres <<SQL
BEGIN;
\\! tar -czf $BACKUP/parlance.tar.gz --exclude='./.s.PGSQL.*' -C $DATA .
COMMIT;
SQL`,
            variables,
          ),
        async () => {
          await shell('mkdir -p $RESTORED && tar -xzf $BACKUP/parlance.tar.gz -C $RESTORED', variables);
          return start({}, 'restored');
        },
      );
      expect(kept.slice(0, before.length)).toEqual(before);
    },
    120_000,
  );

  it.skipIf(!POSTGRES || !has('pg_dump'))(
    'of PostgreSQL, has every message that was acknowledged before',
    async () => {
      const [original, restored] = [await createDatabase(POSTGRES!), await createDatabase(POSTGRES!)];
      removals.push(
        () => original.drop(),
        () => restored.drop(),
      );
      const variables = { DATABASE_URL: original.url, RESTORED_URL: restored.url, BACKUP: home };
      const { before, kept } = await keep(
        await start({ DATABASE_URL: original.url }, 'original'),
        () => shell('pg_dump -Fc -f $BACKUP/parlance.dump "$DATABASE_URL"', variables),
        async () => {
          await shell('pg_restore --no-owner --exit-on-error -d "$RESTORED_URL" $BACKUP/parlance.dump', variables);
          return start({ DATABASE_URL: restored.url }, 'restored');
        },
      );
      expect(kept.slice(0, before.length)).toEqual(before);
    },
    120_000,
  );
});
