import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { DomainError } from '../common/errors.js';

/** Seconds after which those come again who were all refused in the same moment: spread, so that they do not meet again. */
const SPREAD = 5;
/** Milliseconds for a refused peer to read its answer and hang up. */
const LINGER = 2_000;

/** Seconds after which a client that was refused for the time being may ask again; nothing where that would not help. */
export function retryAfter(status: number): number | undefined {
  if (status === 503) return 1 + Math.floor(Math.random() * SPREAD);
  return status === 429 ? 1 : undefined;
}

/** Answers an upgrade that may not be with plain HTTP and a JSON body (contract §1.3), never an open socket. */
export function refuse(socket: Duplex, { status, detail }: DomainError): void {
  if (!socket.writable) return;
  const error = STATUS_CODES[status];
  const seconds = retryAfter(status);
  const body = JSON.stringify({ statusCode: status, error, message: detail });
  const headers = [
    `HTTP/1.1 ${status} ${error}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
    ...(seconds === undefined ? [] : [`Retry-After: ${seconds}`]),
  ];
  socket.once('finish', () => setTimeout(() => socket.destroy(), LINGER).unref());
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
