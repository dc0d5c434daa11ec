import { Logger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger as PinoLogger } from 'pino';
import { type Additions, AppModule } from './app.module.js';
import { type Environment, processEnvironment, SettingError } from './config/env.js';
import { DatabaseSettings, SETTINGS } from './config/settings.js';
import { serveOpenApi } from './docs/openapi.js';
import { HttpAdapter } from './http-adapter.js';
import { HttpListeners } from './http-listeners.js';
import { NestLogger } from './logging/nest-logger.js';
import { Origins } from './realtime/origins.js';
import { DialectAdapter } from './realtime/websocket.adapter.js';

/** Outside the REST API: what supervisors ask, and the documents. The console's files are not routes of a controller. */
const UNPREFIXED = ['health/live', 'health/ready', 'metrics', 'docs/asyncapi.json', 'docs/asyncapi/:file'];

/** The framework's names, the least urgent first; of them the first so many are for debugging. */
const LEVELS: LogLevel[] = ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'];
const DEBUGGING = 2;

/**
 * The application of an environment, by default this process's, configured and not yet listening.
 *
 * @throws {SettingError} when a setting, or the database that it names, cannot be used; all settings are read before
 * anything is opened.
 */
export async function createApplication(
  additions: Additions = {},
  env: Environment = processEnvironment(),
): Promise<NestFastifyApplication> {
  SETTINGS.forEach((Settings) => new Settings(env));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(env, additions), new HttpAdapter(env), {
    logger: false, // until it is configured: what fails before is told once, by who called
    abortOnError: false,
  }).catch((error: unknown) => {
    throw refusalBySystem(error, new DatabaseSettings(env));
  });
  configureApplication(app);
  return app;
}

/** The system's and PostgreSQL's refusals have a `code`; until the server listens, all are about the database. */
function refusalBySystem(error: unknown, { url }: DatabaseSettings): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  return new SettingError(url ? 'DATABASE_URL' : 'DATA_DIR', `cannot be used: ${error.message || String(error.code)}`);
}

/** What the application needs beyond its modules, before it is initialized. */
function configureApplication(app: NestFastifyApplication): void {
  const log = logOf(app);
  app.useLogger(new NestLogger(log));
  Logger.overrideLogger(LEVELS.slice(log.isLevelEnabled('debug') ? 0 : DEBUGGING)); // for who asks before it says anything
  app.setGlobalPrefix('api/v1', { exclude: UNPREFIXED });
  const origins = app.get(Origins);
  app.enableCors({
    origin: (origin, allow) => allow(null, origins.allows(origin, undefined)),
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'user-email', 'x-request-id'],
    exposedHeaders: ['x-request-id', 'retry-after'],
  });
  app.useWebSocketAdapter(new DialectAdapter(app));
  serveOpenApi(app);
}

/** Listens at every port of the settings. @returns the URLs, in the order of the ports */
export async function listen(app: NestFastifyApplication): Promise<string[]> {
  await app.init();
  return app.get(HttpListeners).open();
}

/** The process's log, for what is not told in the name of a class. */
export function logOf(app: NestFastifyApplication): PinoLogger {
  return app.getHttpAdapter().getInstance().log as PinoLogger; // which is the one that it was given
}
