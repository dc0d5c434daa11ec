import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedDatabase, joinEmbedded, openEmbedded } from '../../src/database/embedded/embedded.js';

describe('the embedded database', () => {
  let dataDir: string;
  let database: EmbeddedDatabase;
  const clients: Client[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parlance-embedded-'));
    database = await openEmbedded(dataDir);
    const setUp = await connect();
    await setUp.query('CREATE TABLE notes (id serial PRIMARY KEY, text text UNIQUE)');
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
  });
  afterAll(async () => {
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function connect(): Promise<Client> {
    const client = new Client({ host: database.host, user: 'postgres', database: 'postgres' });
    await client.connect();
    clients.push(client);
    return client;
  }

  it('flushes what it commits', async () => {
    const client = await connect();
    const { rows } = await client.query(
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
         current_setting('wal_sync_method') AS method`,
    );
    expect(rows).toEqual([{ fsync: 'on', commit: 'on', method: 'fsync' }]);
  });

  it('keeps the transactions of its clients apart: one waits for the other', async () => {
    const [one, other] = [await connect(), await connect()];
    await one.query('BEGIN');
    await one.query(`INSERT INTO notes (text) VALUES ('uncommitted')`);
    const seen: string[] = [];
    const waiting = other
      .query(`SELECT count(*)::integer AS count FROM notes WHERE text = 'uncommitted'`)
      .then(({ rows }) => seen.push(`other saw ${rows[0].count}`));
    await one.query('SELECT 1');
    seen.push('one goes on');
    await one.query('ROLLBACK');
    await waiting;
    expect(seen).toEqual(['one goes on', 'other saw 0']);
  });

  it('takes back what a client had begun when it hangs up', async () => {
    const [leaver, other] = [await connect(), await connect()];
    await leaver.query('BEGIN');
    await leaver.query(`INSERT INTO notes (text) VALUES ('abandoned')`);
    leaver.on('error', () => {});
    await leaver.end();
    const { rows } = await other.query(`SELECT * FROM notes WHERE text = 'abandoned'`);
    expect(rows).toEqual([]);
  });

  it('serves the others after an error in one, and that one too', async () => {
    const [one, other] = [await connect(), await connect()];
    await expect(one.query('SELECT nonsense')).rejects.toThrow('nonsense');
    await expect(one.query('SELECT $1::integer', ['x'])).rejects.toThrow('integer');
    const [first, second] = await Promise.all([one.query('SELECT 1 AS n'), other.query('SELECT 2 AS n')]);
    expect([first.rows, second.rows]).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  });

  it('forgets what a client has set when it leaves, which others have meanwhile', async () => {
    const [leaver, other] = [await connect(), await connect()];
    await leaver.query(`SELECT set_config('search_path', '', false)`);
    await expect(other.query('SELECT * FROM notes')).rejects.toThrow('notes');
    await leaver.end();
    clients.splice(clients.indexOf(leaver), 1);
    await expect.poll(() => other.query('SELECT 1 FROM notes').then(() => 'found', String)).toBe('found');
  });

  it('lets clients prepare statements, also one that comes after another had the same name', async () => {
    const statement = { name: 'same', text: 'SELECT $1::text AS text', values: ['a'] };
    const first = await connect();
    expect((await first.query(statement)).rows).toEqual([{ text: 'a' }]);
    expect((await first.query({ ...statement, values: ['b'] })).rows).toEqual([{ text: 'b' }]);
    await first.end();
    clients.splice(clients.indexOf(first), 1);
    const second = await connect();
    expect((await second.query({ ...statement, text: 'SELECT 1 AS n WHERE $1 = $1' })).rows).toEqual([{ n: 1 }]);
  });

  it('mixes nothing up when many clients ask at once', async () => {
    const many = await Promise.all(Array.from({ length: 8 }, connect));
    const answers = await Promise.all(
      many.flatMap((client, index) =>
        Array.from({ length: 25 }, async (_, turn) => {
          const { rows } = await client.query('SELECT $1::text AS text', [`${index}/${turn}`]);
          return rows[0].text === `${index}/${turn}`;
        }),
      ),
    );
    expect(answers.every(Boolean)).toBe(true);
  });

  it('is joined, not opened again, by whoever comes while it is open', async () => {
    const joined = await joinEmbedded(dataDir);
    expect(joined.host).toBe(database.host);
    await joined.close();
    const client = await connect();
    expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });
});
