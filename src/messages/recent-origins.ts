import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** Messages whose origin is remembered: all that may wait to be stored, and what is sent while a connection catches up. */
const CAPACITY = 30_000;

/**
 * From which connection a message came. It is not stored, since it means something on this node and for a moment only; but
 * who is shown the message from the database, not as it happens, may be that connection.
 */
@Injectable()
export class RecentOrigins {
  private readonly origins = new LRUCache<string, string>({ max: CAPACITY });

  remember(messageId: string, origin: string): void {
    this.origins.set(messageId, origin);
  }

  of(messageId: string): string | null {
    return this.origins.get(messageId) ?? null;
  }
}
