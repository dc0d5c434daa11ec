/** Where a handshake's token was: in a header, in what Socket.IO calls `auth`, in the address, or in the subprotocol. */
export type TokenPlace = 'authorization' | 'auth' | 'token' | 'access_token' | 'subprotocol';

/**
 * Ways that clients in the field use and that are still served, though a better one is there (docs/operations.md). A dialect
 * may note others of its own.
 */
export const OldWay = {
  /** The token is in the address, as `token`: addresses are logged and shown where tokens must not be. */
  TOKEN: 'query-token',
  /** Likewise, as `access_token`. */
  ACCESS_TOKEN: 'query-access-token',
  /** A header names the user, and a proxy or nobody vouches for it. */
  USER_EMAIL: 'user-email',
  /** The address has a slash at its end that the dialect's own has not, or lacks it. */
  SLASH: 'path-slash',
  /** The address is the other dialect's: the first frame showed which one it is. */
  FIRST_FRAME: 'first-frame',
  /** Socket.IO by polling until its end, which needs sticky sessions. */
  POLLING: 'polling',
} as const;

/** What one connection has used, by plain counters; read from time to time. */
export class ConnectionUsage {
  /** Frames that its client has sent. */
  received = 0;
  private isCounted = false;
  private receivedBefore = 0;
  private sentBefore = 0;
  private ways: Map<string, number> | undefined;

  /** Counts a use of a way that is to be left. */
  note(way: string): void {
    this.ways ??= new Map();
    this.ways.set(way, (this.ways.get(way) ?? 0) + 1);
  }

  /**
   * What has come since the last call, by name: the connection itself, at the first one, its frames, and the ways.
   *
   * @param sent frames that were written for its client, until now
   */
  take(sent: number): Map<string, number> {
    const taken = this.ways ?? new Map<string, number>();
    this.ways = undefined;
    if (!this.isCounted) taken.set('connections', 1);
    if (this.received > this.receivedBefore) taken.set('received', this.received - this.receivedBefore);
    if (sent > this.sentBefore) taken.set('sent', sent - this.sentBefore);
    this.isCounted = true;
    this.receivedBefore = this.received;
    this.sentBefore = sent;
    return taken;
  }
}
