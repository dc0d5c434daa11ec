import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnPostgres } from '../faults/harness/own-postgres.js';
import { startServer } from '../../src/testing/application.js';

/** Nothing is to be written to the directory that a failed start removes. */
const SECRET = { JWT_SECRET: 'x'.repeat(32) };
const PROGRAMS = '/usr/lib/postgresql';
const hasPrograms = existsSync(PROGRAMS);
if (!hasPrograms) console.log(`left out: a PostgreSQL of the tests' own, since ${PROGRAMS} is not there`);

describe.runIf(hasPrograms).each([
  [{ fsync: 'off' }, 'fsync'],
  [{ synchronous_commit: 'off' }, 'synchronous_commit'],
  [{ fsync: 'off', full_page_writes: 'off' }, 'fsync, full_page_writes'],
])('a PostgreSQL that may lose commits in a crash (%j)', (settings, named) => {
  let postgres: OwnPostgres;
  beforeAll(async () => {
    postgres = await OwnPostgres.start(settings);
  });
  afterAll(() => postgres.remove());

  it('is refused, naming the setting and what is wrong, before anything is stored there', async () => {
    const start = startServer({ ...SECRET, DATABASE_URL: postgres.urlAt(postgres.port) });
    await expect(start).rejects.toThrow(
      `DATABASE_URL names a server that may lose commits in a crash: it has ${named} off (DATABASE_DURABILITY=relaxed accepts that)`,
    );
    expect(await postgres.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
  });

  it('is served from where the settings accept that', async () => {
    const server = await startServer({ DATABASE_URL: postgres.urlAt(postgres.port), DATABASE_DURABILITY: 'relaxed' });
    await server.close();
    expect(await postgres.query(`SELECT tablename FROM pg_tables WHERE tablename = 'messages'`)).toHaveLength(1);
  });
});
