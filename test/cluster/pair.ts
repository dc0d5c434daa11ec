import { createDatabase } from '../support/postgres.js';
import { startServer, type TestServer } from '../support/server.js';
import { OwnRedis } from '../faults/harness/own-redis.js';
import { Proxy } from '../faults/harness/proxy.js';

const POSTGRES =
  process.env.PARLANCE_TEST_DATABASE_URL ?? 'postgres://parlance_test:parlance_test@127.0.0.1:5432/postgres';

/** A node's lines to the services, each of which can break. */
export interface Lines {
  readonly redis: Proxy;
  readonly postgres: Proxy;
}

/** Two nodes over one database and one Redis. */
export interface Pair {
  readonly a: TestServer;
  readonly b: TestServer;
  readonly redis: OwnRedis;
  readonly lines: { readonly a: Lines; readonly b: Lines };
  close(): Promise<void>;
}

export async function startPair(settings: Readonly<Record<string, string>> = {}): Promise<Pair> {
  const [database, redis] = await Promise.all([createDatabase(POSTGRES), OwnRedis.start()]);
  const server = new URL(database.url);
  const layLines = async (): Promise<Lines> => ({
    redis: await Proxy.to(redis.port),
    postgres: await Proxy.to(Number(server.port || 5432)),
  });
  const lines = { a: await layLines(), b: await layLines() };
  const start = (line: Lines): Promise<TestServer> => {
    const url = new URL(server);
    url.port = String(line.postgres.port);
    return startServer({
      DATABASE_URL: url.href,
      REDIS_URL: `redis://127.0.0.1:${line.redis.port}`,
      JWT_SECRET: 'one that both nodes of the pair know',
      ...settings,
    });
  };
  const a = await start(lines.a);
  const b = await start(lines.b);
  return {
    a,
    b,
    redis,
    lines,
    async close() {
      await Promise.all([a.close(), b.close()]);
      for (const line of [lines.a, lines.b]) {
        line.redis.close();
        line.postgres.close();
      }
      await Promise.all([redis.remove(), database.drop()]);
    },
  };
}
