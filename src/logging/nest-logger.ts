import type { LoggerService } from '@nestjs/common';
import type { BaseLogger, Level } from 'pino';

/** Where the framework tells at length how it starts: of interest to who develops it. */
const START_UP = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
  'NestApplication',
]);

/** Writes what is logged by way of Nest's `Logger` to the process's log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Pick<BaseLogger, Level>) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(START_UP.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  /** Nest calls it with a message, then perhaps a stack, then perhaps a context. */
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    if (message instanceof Error) this.logger[level]({ context, err: message }, message.message);
    else if (typeof message === 'string') this.logger[level]({ context, stack }, message);
    else this.logger[level]({ context, detail: message });
  }
}
