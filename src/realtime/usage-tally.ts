import { Injectable } from '@nestjs/common';
import { productOf } from '../common/http/product.js';
import type { Connection } from './connection.js';
import { OldWay } from './connection-usage.js';
import { Connections } from './connections.js';

/** Clients that are told apart in one reading, and in one day (`usage/`): who comes after them is one of the `other`. */
export const MOST_CLIENTS = 500;
export const OTHER = 'other';

/** How often something was used: `what` is `connections`, `received`, `sent`, or a way that is to be left. */
export interface UsageCount {
  readonly dialect: string;
  /** The first product of its `User-Agent`. */
  readonly client: string;
  readonly what: string;
  readonly count: number;
}

/** What this node's clients have used since that was last read. */
@Injectable()
export class UsageTally {
  private readonly counts = new Map<string, UsageCount & { count: number }>();
  private readonly clients = new Set<string>();

  constructor(private readonly connections: Connections) {}

  /** A connection has opened: it is counted from now on. */
  begin(connection: Connection): void {
    for (const way of waysOf(connection)) connection.usage.note(way);
    connection.onEnd(() => {
      if (connection.carriedBy === 'polling') connection.usage.note(OldWay.POLLING);
      this.read(connection);
    });
  }

  /** Counts what is used beside connections. */
  add({ dialect, client, what, count }: UsageCount): void {
    const name = this.nameOf(client);
    const key = `${dialect} ${name} ${what}`;
    const known = this.counts.get(key);
    if (known) known.count += count;
    else this.counts.set(key, { dialect, client: name, what, count });
  }

  /** Everything since the last call. */
  take(): UsageCount[] {
    for (const connection of this.connections) if (connection.carriedBy) this.read(connection);
    const taken = [...this.counts.values()];
    this.counts.clear();
    this.clients.clear();
    return taken;
  }

  private read({ dialect, handshake, usage, sent }: Connection): void {
    const client = productOf(handshake.userAgent);
    for (const [what, count] of usage.take(sent)) this.add({ dialect: dialect.name, client, what, count });
  }

  private nameOf(client: string): string {
    if (this.clients.size >= MOST_CLIENTS && !this.clients.has(client)) return OTHER;
    this.clients.add(client);
    return client;
  }
}

/** Ways to connect that are to be left, and that this connection has used. */
function* waysOf({ dialect, handshake, signedInBy }: Connection): Iterable<string> {
  if (signedInBy === 'token') yield OldWay.TOKEN;
  if (signedInBy === 'access_token') yield OldWay.ACCESS_TOKEN;
  if (signedInBy === 'user-email') yield OldWay.USER_EMAIL;
  const isOwnPath = handshake.path.endsWith('/') === dialect.path.endsWith('/');
  if (!isOwnPath && !dialect.isCarried && handshake.dialect === undefined) yield OldWay.SLASH;
}
