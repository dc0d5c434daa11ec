import type { DataSourceOptions, MigrationInterface } from 'typeorm';
import pg, { types } from 'pg';
import type { DatabaseSettings } from '../config/settings.js';
import { joinEmbedded, openEmbedded } from './embedded/embedded.js';
import { MIGRATIONS } from './migrations/index.js';
import { ServerPool } from './server-pool.js';

/** A step of the schema; its name ends with the milliseconds at which it was written, by which steps are ordered. */
export type Migration = new () => MigrationInterface;

/** Milliseconds to reach a database, for those who have the time. */
const CONNECT_TIMEOUT = 5_000;

/**
 * What bounds a server's work for the requests of clients, who are to be answered within five seconds: each step alone takes
 * less, and what fails at one step does not come to the next. All in milliseconds.
 */
const BOUNDS = {
  connectionTimeoutMillis: 2_000,
  statement_timeout: 3_500,
  /** A transaction whose node stands still gives its locks back. */
  idle_in_transaction_session_timeout: 5_000,
  /** A connection costs the server a process, but a client its patience. */
  idleTimeoutMillis: 60_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};

/** How to reach the database that the settings name, and what to call when it is no longer needed. */
export class DatabaseConnection {
  private constructor(
    /** For requests: bounded in number and in time, where the database is a server that others share. */
    readonly options: DataSourceOptions,
    /** For migrations and command-line tools, which may take their time; one connection. */
    readonly unhurried: DataSourceOptions,
    private readonly close: () => Promise<void>,
  ) {}

  /**
   * For the server: the embedded database is opened here, and by no other process meanwhile.
   *
   * @param ofFeatures migrations of features outside this tree, beside ours
   */
  static open(settings: DatabaseSettings, ofFeatures: readonly Migration[] = []): Promise<DatabaseConnection> {
    return this.make(settings, openEmbedded, ofFeatures);
  }

  /** For a command-line tool: the embedded database of a running server is shared. */
  static join(settings: DatabaseSettings): Promise<DatabaseConnection> {
    return this.make(settings, joinEmbedded, []);
  }

  private static async make(
    settings: DatabaseSettings,
    embedded: typeof openEmbedded,
    ofFeatures: readonly Migration[],
  ): Promise<DatabaseConnection> {
    const migrations = [...MIGRATIONS, ...ofFeatures];
    if (settings.url) {
      const unhurried = optionsOf({ url: settings.url }, migrations);
      const driver = { ...pg, Pool: ServerPool };
      return new this({ ...unhurried, driver, poolSize: settings.poolSize, extra: BOUNDS }, unhurried, async () => {});
    }
    const database = await embedded(settings.dataDir);
    // It is one session, in this process: transactions queue for its one connection, as they must, and it is never silent.
    const server = { host: database.host, username: 'postgres', database: 'postgres', ssl: false } as const;
    const options = optionsOf(server, migrations);
    return new this(options, options, () => database.close());
  }

  async release(): Promise<void> {
    await this.close();
  }
}

function optionsOf(
  server: { url: string } | { host: string; username: string; database: string; ssl: false },
  migrations: Migration[],
) {
  return {
    type: 'postgres',
    ...server,
    poolSize: 1,
    connectTimeoutMS: CONNECT_TIMEOUT,
    applicationName: 'parlance',
    synchronize: false,
    migrations,
    migrationsTableName: 'migrations',
    poolErrorHandler: () => {}, // the end of a connection that lay idle concerns nobody: the next one asks for another
  } satisfies DataSourceOptions;
}

// Counts are far below 2^53, so PostgreSQL's bigint is a number here.
types.setTypeParser(types.builtins.INT8, Number);
