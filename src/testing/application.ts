import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Additions } from '../app.module.js';
import { createApplication, listen } from '../application.js';
import { Environment } from '../config/env.js';
import { toOpenApi } from '../docs/openapi.js';
import { DialectRegistry } from '../realtime/registry.js';
import { createDatabase } from './database.js';
import { Line } from './line.js';
import { AnswerSchemas, publish } from './published.js';

/** A server in this process. */
export interface TestServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** `ws://127.0.0.1:port` */
  readonly wsUrl: string;
  /** Of each port, where `PORT` names several. */
  readonly urls: readonly string[];
  /** For what a test looks up or changes inside: `app.get(SomeService)`; supertest takes `app.getHttpServer()`. */
  readonly app: NestFastifyApplication;
  /** The lines to what the server needs, to be broken; only where `faults` was asked for. */
  readonly faults: Faults;
  /** Stops it, and removes its database. */
  close(): Promise<void>;
}

/** What a server needs, and can be kept from. */
export interface Faults {
  /** @throws where the database is the embedded one, which is part of the process */
  readonly database: Line;
  /** @throws where there is no bus beyond the process */
  readonly bus: Line;
}

/** What is added to the server, and how it is put up. */
export interface ServerOptions extends Additions {
  /** Whether the lines to the database and the bus can be broken. */
  readonly faults?: boolean;
}

const DEFAULTS = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', HEADER_AUTH: 'dev' };

type Settings = Readonly<Record<string, string>>;

/**
 * Starts a server at a free port with a database of its own, which is removed with it. `settings` go before the defaults;
 * a `DATA_DIR` among them is the caller's, who removes it. With `PARLANCE_TEST_DATABASE_URL`, the address of a PostgreSQL
 * server, the database is made there, so that every suite also runs on it; with `PARLANCE_TEST_REDIS_URL` the server is one
 * of several nodes, as far as it knows. What it sends is compared with what is published of it: see {@link assertPublished}.
 */
export async function startServer(settings: Settings = {}, options: ServerOptions = {}): Promise<TestServer> {
  const home = await makeHome(settings);
  const faults = await Lines.lay({ ...home.settings, ...settings }, options.faults ?? false);
  const leave = async (): Promise<void> => {
    faults.close();
    await home.remove();
  };
  try {
    const env = new Environment({ ...DEFAULTS, ...home.settings, ...settings, ...faults.settings });
    const app = await createApplication(options, env);
    checkAnswers(app);
    const urls = await listen(app);
    publish(app.get(DialectRegistry).dialects);
    const url = urls[0]!;
    return {
      url,
      wsUrl: url.replace('http', 'ws'),
      urls,
      app,
      faults,
      async close() {
        await app.close();
        await leave();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** The lines to a server's services, through which it is made to go. */
class Lines implements Faults {
  private constructor(
    private readonly toDatabase: Line | undefined,
    private readonly toBus: Line | undefined,
    /** Where the server finds its services. */
    readonly settings: Settings,
  ) {}

  static async lay({ DATABASE_URL, REDIS_URL }: Settings, isAsked: boolean): Promise<Lines> {
    if (!isAsked) return new Lines(undefined, undefined, {});
    const [database, bus] = [await layTo(DATABASE_URL, 5432), await layTo(REDIS_URL, 6379)];
    const settings = { ...(database && { DATABASE_URL: database.url }), ...(bus && { REDIS_URL: bus.url }) };
    return new Lines(database?.line, bus?.line, settings);
  }

  get database(): Line {
    if (this.toDatabase) return this.toDatabase;
    throw new Error('No line to a database: ask for `faults`, and name a server with PARLANCE_TEST_DATABASE_URL');
  }

  get bus(): Line {
    if (this.toBus) return this.toBus;
    throw new Error('No line to a bus: ask for `faults`, and name a server with PARLANCE_TEST_REDIS_URL');
  }

  close(): void {
    this.toDatabase?.close();
    this.toBus?.close();
  }
}

/** A line to the server at an address, and the address by which one goes through it. */
async function layTo(address: string | undefined, port: number): Promise<{ line: Line; url: string } | undefined> {
  if (!address) return undefined;
  const url = new URL(address);
  const line = await Line.to(Number(url.port || port), url.hostname);
  url.hostname = '127.0.0.1';
  url.port = String(line.port);
  return { line, url: url.href };
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
