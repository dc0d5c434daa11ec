/** Why the server ends a connection (RFC 6455, 7.4, and contract §1.4, §1.7, §5). */
export const CloseCode = {
  /** Too much that could not be understood. */
  ABUSE: 1008,
  /** An administrator has ended it: not to be tried again unasked. */
  DISMISSED: 1008,
  /** The server failed: reconnect. */
  FAILED: 1011,
  /** The server is leaving: reconnect, it or another will answer. */
  RESTARTING: 1012,
  /** The client does not read what it is sent: reconnect, and resume. */
  TOO_SLOW: 1013,
  /** Logged out, disabled, or the token has expired: sign in again. */
  SIGNED_OUT: 4401,
} as const;

/** What a client is told whose connection an administrator has ended. */
export const DISMISSAL = 'disconnected by an administrator';

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];
