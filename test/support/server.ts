import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from '../../src/app.module.js';
import { configureApplication, listen } from '../../src/application.js';
import { Environment } from '../../src/config/env.js';
import { toOpenApi } from '../../src/docs/openapi.js';
import { HttpAdapter } from '../../src/http-adapter.js';
import { createDatabase } from './postgres.js';
import { AnswerSchemas } from './published.js';

/** A server in this process. */
export interface TestServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** `ws://127.0.0.1:port` */
  readonly wsUrl: string;
  /** Of each port, where `PORT` names several. */
  readonly urls: readonly string[];
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

const DEFAULTS = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', HEADER_AUTH: 'dev' };

/**
 * Starts a server at a free port with a database of its own, which is removed with it. `settings` go before the defaults;
 * a `DATA_DIR` among them is the caller's, who removes it. With `PARLANCE_TEST_DATABASE_URL`, the address of a PostgreSQL
 * server, the database is made there, so that every suite also runs on it; with `PARLANCE_TEST_REDIS_URL` the server is one
 * of several nodes, as far as it knows.
 */
export async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const home = await makeHome(settings);
  try {
    const env = new Environment({ ...DEFAULTS, ...home.settings, ...settings });
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(Environment)
      .useValue(env)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(new HttpAdapter(env));
    configureApplication(app);
    checkAnswers(app);
    const urls = await listen(app);
    const url = urls[0]!;
    return {
      url,
      wsUrl: url.replace('http', 'ws'),
      urls,
      app,
      async close() {
        await app.close();
        await home.remove();
      },
    };
  } catch (error) {
    await home.remove();
    throw error;
  }
}

/** Compares what REST answers with what is published of it. */
function checkAnswers(app: NestFastifyApplication): void {
  let schemas: AnswerSchemas | undefined;
  const http = app.getHttpAdapter().getInstance();
  http.addHook('preSerialization', ({ method, routeOptions: { url } }, { statusCode }, body, done) => {
    schemas ??= new AnswerSchemas(toOpenApi(app, { title: 'Parlance', version: 'test' }));
    if (url) schemas.check(method, url, statusCode, body);
    done(null, body);
  });
}

/** Where a server keeps what it knows, and how that is removed. */
interface Home {
  readonly settings: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

async function makeHome({ DATA_DIR, DATABASE_URL }: Readonly<Record<string, string>>): Promise<Home> {
  if (DATA_DIR) return { settings: {}, remove: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'parlance-test-'));
  const postgres = process.env.PARLANCE_TEST_DATABASE_URL;
  const redis = process.env.PARLANCE_TEST_REDIS_URL;
  const database = postgres && !DATABASE_URL ? await createDatabase(postgres) : undefined;
  return {
    settings: {
      DATA_DIR: dataDir,
      ...(database && { DATABASE_URL: database.url }),
      ...(redis && { REDIS_URL: redis }),
    },
    async remove() {
      await database?.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
