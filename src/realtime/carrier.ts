import type { Server } from 'node:http';

/** What carries connections by a protocol of its own, beside the plain websockets, on the same servers. */
export interface Carrier {
  /** What the address of its every request begins with. */
  readonly path: string;
  /** Serves its requests and upgrades, and leaves all others alone. */
  attach(server: Server): void;
  /** Ends what is still open, connection or not: the server is leaving. */
  close(): void;
}
