import type { IncomingMessage } from 'node:http';
import { newId } from '../common/ids.js';

const SANE = /^[A-Za-z0-9._-]{1,64}$/;

/** The id by which a request is found in the logs: the one that a proxy gave it, or a new one. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : newId();
}
