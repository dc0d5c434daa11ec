import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogSettings } from '../config/settings.js';

/** What is never written, wherever it turns up in what is logged: secrets, and what people say to each other. */
const SECRET = ['authorization', 'token', 'access_token', 'refresh_token', 'password', 'content'];

/** The process's log: one JSON object a line, on standard output unless told otherwise. */
export function createLogger({ level }: LogSettings, destination: DestinationStream = pino.destination(1)): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
      serializers: { err: describeError, req: ({ method }: { method: string }) => ({ method }) },
    },
    destination,
  );
}

/** An error without its other properties: a database's error carries the statement's values, what people say among them. */
function describeError(error: Error & { code?: unknown }): object {
  return { type: error.name, code: error.code, message: error.message, stack: error.stack };
}
