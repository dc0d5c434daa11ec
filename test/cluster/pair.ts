import { startServer, type TestServer } from '../../src/testing/application.js';
import { createDatabase } from '../../src/testing/database.js';
import { OwnRedis } from '../faults/harness/own-redis.js';

const POSTGRES =
  process.env.PARLANCE_TEST_DATABASE_URL ?? 'postgres://parlance_test:parlance_test@127.0.0.1:5432/postgres';

/** Two nodes over one database and one Redis; the line of each to either can break. */
export interface Pair {
  readonly a: TestServer;
  readonly b: TestServer;
  readonly redis: OwnRedis;
  close(): Promise<void>;
}

export async function startPair(settings: Readonly<Record<string, string>> = {}): Promise<Pair> {
  const [database, redis] = await Promise.all([createDatabase(POSTGRES), OwnRedis.start()]);
  const services = {
    DATABASE_URL: database.url,
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    JWT_SECRET: 'one that both nodes of the pair know',
  };
  const start = (): Promise<TestServer> => startServer({ ...services, ...settings }, { faults: true });
  const a = await start();
  const b = await start();
  return {
    a,
    b,
    redis,
    async close() {
      await Promise.all([a.close(), b.close()]);
      await Promise.all([redis.remove(), database.drop()]);
    },
  };
}
