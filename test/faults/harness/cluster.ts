import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Node } from './node.js';
import { OwnPostgres } from './own-postgres.js';
import { OwnRedis } from './own-redis.js';
import { Line } from '../../../src/testing/line.js';

export interface ClusterOptions {
  /** How many nodes; two unless said. */
  readonly nodes?: number;
  /** Settings of the nodes, before the harness's own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Modules that each node loads first, to watch or to break it. */
  readonly preload?: readonly URL[];
}

const SETTINGS = {
  JWT_SECRET: 'a secret that all the nodes of a test share',
  RATE_LIMITS: 'off', // what is measured is what is lost, not what is refused
  RESUME_LIMIT: '10000',
  MAX_CONNECTIONS_PER_USER: '1000',
};

/** A database, a bus and several nodes, each of which can fail; every line between them can break. */
export class Cluster {
  private constructor(
    readonly postgres: OwnPostgres,
    readonly redis: OwnRedis,
    readonly nodes: readonly Node[],
    private readonly home: string,
  ) {}

  /** Starts it all; what was started is removed when something does not start. */
  static async start({ nodes: count = 2, settings = {}, preload = [] }: ClusterOptions = {}): Promise<Cluster> {
    const home = await mkdtemp(join(tmpdir(), 'parlance-faults-'));
    const [postgres, redis] = await Promise.all([OwnPostgres.start(), OwnRedis.start()]);
    const nodes = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const [toPostgres, toRedis] = [await Line.to(postgres.port), await Line.to(redis.port)];
        const dataDir = join(home, `node-${index}`);
        await mkdir(dataDir);
        const addresses = {
          DATABASE_URL: postgres.urlAt(toPostgres.port),
          REDIS_URL: `redis://127.0.0.1:${toRedis.port}`,
          NODE_OPTIONS: preload.map(({ href }) => `--import=${href}`).join(' '),
        };
        return Node.prepare(
          `node ${index}`,
          { toPostgres, toRedis },
          { ...SETTINGS, ...settings, ...addresses },
          dataDir,
        );
      }),
    );
    const cluster = new Cluster(postgres, redis, nodes, home);
    try {
      await Promise.all(nodes.map((node) => node.start()));
      return cluster;
    } catch (error) {
      await cluster.remove();
      throw error;
    }
  }

  get first(): Node {
    return this.nodes[0]!;
  }

  get second(): Node {
    return this.nodes[1]!;
  }

  /** Mends whatever is broken, and waits until every node is ready. */
  async heal(): Promise<void> {
    if (!this.postgres.isUp) await this.postgres.restart();
    if (!this.redis.isUp) await this.redis.restart();
    await Promise.all(
      this.nodes.map(async (node) => {
        await Promise.all([node.toPostgres.open(), node.toRedis.open()]);
        if (node.isUp) node.signal('SIGCONT');
        else await node.start();
        await node.ready(30_000);
      }),
    );
  }

  async remove(): Promise<void> {
    await Promise.all(this.nodes.filter(({ isUp }) => isUp).map((node) => node.end('SIGKILL')));
    for (const { toPostgres, toRedis } of this.nodes) {
      toPostgres.close();
      toRedis.close();
    }
    await Promise.all([this.postgres.remove(), this.redis.remove()]);
    await rm(this.home, { recursive: true, force: true });
  }
}

/** Runs `work` with a cluster that is removed whatever happens. */
export async function withCluster<T>(options: ClusterOptions, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = await Cluster.start(options);
  try {
    return await work(cluster);
  } finally {
    await cluster.remove();
  }
}
