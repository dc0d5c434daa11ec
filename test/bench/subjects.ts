import { setTimeout as delay } from 'node:timers/promises';
import { type Database, EmbeddedDatabase, fillParlance, fillPipeline, PostgresDatabase } from './databases.js';
import type { Address } from './generator/client.js';
import { cpuTime } from './machine.js';
import { Server } from './server.js';
import { JWT_SECRET, type World } from './world.js';

const REDIS = process.env.PARLANCE_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
const PARLANCE = new URL('../../../../../dist/main.js', import.meta.url);
const own = (name: string): URL => new URL(`./subjects/${name}.js`, import.meta.url);

/** Loopback addresses by which a server is reached: each has ephemeral ports of its own. */
const HOSTS = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];

/** Settings of Parlance: those of production where they matter, and no limits of rate and number. */
const PARLANCE_SETTINGS = {
  HOST: '0.0.0.0',
  PORT: '0',
  JWT_SECRET,
  LOG_LEVEL: 'info',
  RATE_LIMITS: 'off',
  MAX_CONNECTIONS_PER_USER: '100000',
};

/** A kind of server that can be measured. */
interface Kind {
  readonly about: string;
  readonly script: URL;
  readonly settings?: Readonly<Record<string, string>>;
  readonly database?: 'postgres' | 'embedded';
  readonly nodes?: number;
  readonly fill?: (database: Database, world: World) => Promise<void>;
}

const parlance = { script: PARLANCE, settings: PARLANCE_SETTINGS, fill: fillParlance };

/** Every kind, by the name that options and results give it. */
export const KINDS = {
  'bare-sender': { about: 'frames and nothing else', script: own('bare-sender') },
  ws: { about: 'bare ws, `send` to each', script: own('ws-send') },
  'ws-prepared': { about: 'ws, one prepared frame written to each socket', script: own('ws-prepared') },
  'socket.io': { about: 'Socket.IO, room broadcast', script: own('socket-io') },
  'nest-ws': { about: "Nest's own WsAdapter, `send` to each", script: own('nest-ws') },
  pipeline: {
    about: 'the best hand-written pipeline, PostgreSQL',
    script: own('pipeline'),
    database: 'postgres',
    fill: fillPipeline,
  },
  'nest-pg': {
    about: 'a usual Nest gateway: ValidationPipe, an insert a message, `send` to each; PostgreSQL',
    script: own('nest-pg'),
    database: 'postgres',
  },
  parlance: { about: 'Parlance, PostgreSQL', ...parlance, database: 'postgres' },
  'parlance-embedded': { about: 'Parlance, embedded database', ...parlance, database: 'embedded' },
  'parlance-redis': {
    about: 'Parlance, one node, PostgreSQL and Redis',
    ...parlance,
    settings: { ...PARLANCE_SETTINGS, REDIS_URL: REDIS },
    database: 'postgres',
  },
  'parlance-two': {
    about: 'Parlance, two nodes on the same core, PostgreSQL and Redis',
    ...parlance,
    settings: { ...PARLANCE_SETTINGS, REDIS_URL: REDIS },
    database: 'postgres',
    nodes: 2,
  },
} satisfies Record<string, Kind>;

export type SubjectName = keyof typeof KINDS;

/** Milliseconds of processor time in {@link LOOK} that an idle server may take; and how long that is waited for. */
const IDLE = 20;
const LOOK = 200;
const CALMING = 10_000;

/** A kind of server that runs, with its database. */
export class Subject {
  /** Where to write where the first node's time goes while it is measured, if that is wanted. */
  profileTo: string | undefined;

  private constructor(
    readonly name: SubjectName,
    readonly servers: readonly Server[],
    readonly database: Database | undefined,
    private readonly fillDatabase: Kind['fill'],
  ) {}

  static async start(name: SubjectName): Promise<Subject> {
    const kind: Kind = KINDS[name];
    const postgres = kind.database === 'postgres' ? await PostgresDatabase.create() : undefined;
    const settings = { ...kind.settings, ...(postgres && { DATABASE_URL: postgres.url }) };
    const servers: Server[] = [];
    for (let node = 0; node < (kind.nodes ?? 1); node++) servers.push(await Server.start(kind.script, settings));
    const database = postgres ?? (kind.database && new EmbeddedDatabase(servers[0]!.dataDir));
    return new Subject(name, servers, database, kind.fill);
  }

  /** Where to connect, in turn: every node by every address. */
  get addresses(): Address[] {
    return HOSTS.flatMap((host) => this.servers.map(({ port }) => ({ host, port })));
  }

  /** The first node. */
  get server(): Server {
    return this.servers[0]!;
  }

  /** Puts a world into its database, if it has one. Nobody may be connected. */
  async fill(world: World): Promise<void> {
    if (this.database) await this.fillDatabase?.(this.database, world);
  }

  /** Does `work`, and writes where the first node's time goes meanwhile, if that is wanted. */
  async profiling<T>(work: () => Promise<T>): Promise<T> {
    if (this.profileTo === undefined) return work();
    await this.server.profile();
    try {
      return await work();
    } finally {
      await this.server.profiled(this.profileTo);
    }
  }

  /** Moves its database's processes to its core; to be called when it is at work. */
  async pin(): Promise<void> {
    await this.database?.pin();
  }

  /** Milliseconds of processor time until now: its own, and its database server's. */
  get cpu(): { readonly server: number; readonly database: number } {
    return { server: cpuTime(this.servers.map(({ pid }) => pid)), database: cpuTime(this.database?.pids() ?? []) };
  }

  /** Waits until it has nothing to do any more, such as to see off those who have hung up. */
  async calm(): Promise<void> {
    const giveUpAt = performance.now() + CALMING;
    for (let before = this.cpu.server; performance.now() < giveUpAt;) {
      await delay(LOOK);
      const now = this.cpu.server;
      if (now - before <= IDLE) return;
      before = now;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
    await this.database?.drop();
  }
}
