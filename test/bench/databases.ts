import { Client } from 'pg';
import { createDatabase, type OwnDatabase } from '../../src/testing/database.js';
import { pinToServerCore } from './machine.js';
import { loginOf, type World } from './world.js';

const SERVER =
  process.env.PARLANCE_TEST_DATABASE_URL ?? 'postgres://parlance_test:parlance_test@127.0.0.1:5432/postgres';
/** Rows of one statement. */
const CHUNK = 10_000;

/** A database as the benchmark fills it. */
export interface Database {
  query(text: string, values?: unknown[]): Promise<unknown[]>;
  /** The processes of the server that work for it. */
  pids(): readonly number[];
  /** Moves them to the servers' core, where that is allowed. */
  pin(): Promise<void>;
  drop(): Promise<void>;
}

/** A database on the PostgreSQL server. */
export class PostgresDatabase implements Database {
  private backends: number[] = [];
  private readonly pinned = new Set<number>();

  private constructor(
    private readonly own: OwnDatabase,
    private readonly client: Client,
  ) {}

  static async create(): Promise<PostgresDatabase> {
    const own = await createDatabase(SERVER);
    const client = new Client({ connectionString: own.url });
    await client.connect();
    return new PostgresDatabase(own, client);
  }

  get url(): string {
    return this.own.url;
  }

  async query(text: string, values: unknown[] = []): Promise<unknown[]> {
    return (await this.client.query<Record<string, unknown>>(text, values)).rows;
  }

  pids(): readonly number[] {
    return this.backends;
  }

  async pin(): Promise<void> {
    const rows = await this.query(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    this.backends = (rows as { pid: number }[]).map(({ pid }) => pid);
    for (const pid of this.backends) {
      if (this.pinned.has(pid)) continue;
      this.pinned.add(pid);
      await pinToServerCore(pid);
    }
  }

  async drop(): Promise<void> {
    await this.client.end();
    await this.own.drop();
  }
}

/** What the PostgreSQL server is, and where it runs. @throws when it cannot be reached */
export async function describePostgres(): Promise<Record<string, unknown>> {
  const client = new Client({ connectionString: SERVER });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number; version: string; fsync: string; commit: string }>(
      `SELECT pg_backend_pid() AS pid, current_setting('server_version') AS version,
         current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`,
    );
    const { pid, version, fsync, commit } = rows[0]!;
    const isPinned = await pinToServerCore(pid);
    return { version, fsync, synchronous_commit: commit, sessions: isPinned ? "on the servers' core" : 'anywhere' };
  } finally {
    await client.end();
  }
}

/** The embedded database of a server that runs, through the socket beside its data. */
export class EmbeddedDatabase implements Database {
  constructor(private readonly dataDir: string) {}

  async query(text: string, values: unknown[] = []): Promise<unknown[]> {
    const client = new Client({ host: this.dataDir, user: 'postgres', database: 'postgres', ssl: false });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  pids(): readonly number[] {
    return []; // it is a thread of the server
  }

  async pin(): Promise<void> {}

  async drop(): Promise<void> {}
}

/** Stores who takes part in what, for the hand-written pipeline. */
export async function fillPipeline(database: Database, { conversations }: World): Promise<void> {
  const rows = conversations.flatMap(({ id, participants }) => participants.map((person) => [id, person.id] as const));
  for (const some of chunksOf(rows)) {
    await database.query(`INSERT INTO participants SELECT * FROM unnest($1::uuid[], $2::uuid[])`, [
      some.map(([conversation]) => conversation),
      some.map(([, user]) => user),
    ]);
  }
}

/**
 * Stores everyone and everything for Parlance, past its server. What triggers note of it in the journal is removed in the same
 * statement's transaction: ten thousand users do not join in one moment elsewhere, and nodes read the journal for 15 s.
 */
export async function fillParlance(database: Database, { people, conversations }: World): Promise<void> {
  for (const some of chunksOf(people)) {
    const ids = some.map(({ id }) => id);
    await database.query(
      `INSERT INTO users (id, email, username, full_name, role, password_hash)
       SELECT id, id || '@example.com', 'user ' || id, 'User ' || id, 'member', '-' FROM unnest($1::uuid[]) AS id`,
      [ids],
    );
    await database.query(`INSERT INTO logins (id, user_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])`, [
      some.map(loginOf),
      ids,
    ]);
  }
  for (const some of chunksOf(conversations)) {
    await database.query(
      `INSERT INTO conversations (id, kind, slug, created_by)
       SELECT id, kind, CASE kind WHEN 'channel' THEN 'bench-' || id END, owner
       FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS input (id, kind, owner)`,
      [some.map(({ id }) => id), some.map(({ kind }) => kind), some.map(({ participants }) => participants[0]!.id)],
    );
  }
  const seats = conversations.flatMap(({ id, participants }) => participants.map((person) => [id, person.id] as const));
  for (const some of chunksOf(seats)) {
    await database.query(
      `INSERT INTO participants (conversation_id, user_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])`,
      [some.map(([conversation]) => conversation), some.map(([, user]) => user)],
    );
    await database.query(`DELETE FROM journal`);
  }
  await database.query(`ANALYZE users, logins, conversations, participants`);
}

function* chunksOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += CHUNK) yield items.slice(start, start + CHUNK);
}
