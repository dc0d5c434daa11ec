import type { Closing } from './wire.js';

/** The code of a connection whose login has ended, or whose access token has expired. */
export const SIGNED_OUT = 4401;

/** Codes after which coming back would end in the same way. */
const FINAL = new Set([1008, 1009]);

/** What the codes mean with which a connection ends (RFC 6455, and the server's own). */
const CLOSINGS: Readonly<Record<number, string>> = {
  1001: 'The server went away.',
  1006: 'The connection was lost.',
  1008: 'Too much was sent that the server could not accept.',
  1009: 'A frame was larger than the server accepts.',
  1011: 'Something went wrong on the server.',
  1012: 'The server is restarting.',
  1013: 'This page was too slow to read what it was sent.',
  [SIGNED_OUT]: 'Signed out: the login has ended, or its access token has expired.',
};

/** Browsers do not tell why a handshake was refused. */
export const NEVER_OPENED: Closing = {
  words: 'The server refused the connection or cannot be reached. It may be restarting, or you may have too many open.',
  isFinal: false,
};

export function closingOf(code: number, reason: string): Closing {
  const words = CLOSINGS[code] ?? 'The connection was closed.';
  return { code, words: reason ? `${words} “${reason}”` : words, isFinal: FINAL.has(code) };
}
