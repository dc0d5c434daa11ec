import { LRUCache } from 'lru-cache';

/** Milliseconds for which a difference is kept: far longer than the one way takes longer than the other. */
const TERM = 60_000;
const CAPACITY = 50_000;

/** Compares what is told twice, by a fast way that may lose and by a slow one that does not: of each kind, how often. */
export class Tally {
  private readonly differences = new LRUCache<string, number>({ max: CAPACITY, ttl: TERM });

  /** The fast way has told it. */
  told(key: string): void {
    this.add(key, 1);
  }

  /** The slow way tells it. @returns whether the fast way had */
  read(key: string): boolean {
    const wasTold = (this.differences.get(key) ?? 0) > 0;
    this.add(key, -1);
    return wasTold;
  }

  private add(key: string, count: number): void {
    const difference = (this.differences.get(key) ?? 0) + count;
    if (difference === 0) this.differences.delete(key);
    else this.differences.set(key, difference);
  }
}
