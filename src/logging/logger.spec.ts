import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { Environment } from '../config/env.js';
import { LogSettings } from '../config/settings.js';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';

/** What is written at `level` by `write`. */
function linesOf(level: string, write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger(new LogSettings(new Environment({ LOG_LEVEL: level })), { write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** What is written by way of the framework's logger. */
const written = (write: (logger: NestLogger) => void) => linesOf('debug', (logger) => write(new NestLogger(logger)));

describe('the log', () => {
  it('never has secrets, nor what people say', () => {
    const secret = { token: 's3cret', password: 's3cret', content: 's3cret', authorization: 's3cret' };
    const text = JSON.stringify(linesOf('trace', (logger) => logger.info({ ...secret, frame: secret }, 'frame')));
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('s3cret');
  });

  it('never has the values of a statement that failed', () => {
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (content)=(s3cret)' });
    const error = new QueryFailedError('INSERT INTO messages VALUES ($1)', ['s3cret'], cause);
    const [line] = linesOf('error', (logger) => logger.error({ err: error }, 'request failed'));
    expect(line).toMatchObject({ err: { type: 'QueryFailedError', code: '23505', stack: expect.any(String) } });
    expect(JSON.stringify(line)).not.toContain('s3cret');
  });

  it('is empty at the level silent', () => {
    expect(linesOf('silent', (logger) => logger.fatal('the end'))).toEqual([]);
  });
});

describe("the framework's logger", () => {
  it('writes to the same log, with the context', () => {
    expect(written((logger) => logger.warn('slow', 'Hub'))).toMatchObject([{ level: 40, msg: 'slow', context: 'Hub' }]);
  });

  it('keeps the stack of an error', () => {
    const [given, thrown] = written((logger) => {
      logger.error('failed', 'Error: failed\n    at here', 'Hub');
      logger.error(new Error('thrown'), 'Hub');
    });
    expect(given).toMatchObject({
      level: 50,
      msg: 'failed',
      stack: expect.stringContaining('at here'),
      context: 'Hub',
    });
    expect(thrown).toMatchObject({ level: 50, msg: 'thrown', err: { stack: expect.any(String) }, context: 'Hub' });
  });

  it('tells at length how it starts only to who develops it', () => {
    expect(written((logger) => logger.log('Mapped {/}', 'RouterExplorer'))).toMatchObject([{ level: 20 }]);
    expect(written((logger) => logger.log('three more', 'Hub'))).toMatchObject([{ level: 30 }]);
  });
});
