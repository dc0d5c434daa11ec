import { Injectable } from '@nestjs/common';
import { unavailable } from '../common/errors.js';

/** Handshakes that may wait; a client beyond them comes again later rather than wait here. */
const MOST_WAITING = 1_000;
/** Milliseconds that a handshake waits at most. */
const PATIENCE = 4_000;
/** Handshakes at work: enough to share the queries that they ask, few enough to be soon done with. */
export const AT_WORK = 64;

/**
 * Lets handshakes through at the rate at which they can be served: when a node comes back, or another one goes, everyone
 * connects at once. Those at work share their queries (`common/gatherer.ts`), so that most connections to the database are
 * left to those who are in. Others wait in their order, in bounded number and for a bounded time; what is beyond that is
 * refused.
 */
@Injectable()
export class Admission {
  private free = AT_WORK;
  /** What lets in each of those who wait, the longest waiting first. */
  private readonly waiting = new Set<() => void>();

  /**
   * Runs the work of a handshake when its turn comes. One whose client departs before gives its place up.
   *
   * @throws unavailable, when too many wait, when it has waited too long, and when the client has departed.
   */
  async admit<T>(departed: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await this.turn(departed);
    try {
      return await work();
    } finally {
      this.pass();
    }
  }

  private turn(departed: AbortSignal): Promise<void> {
    if (departed.aborted || this.waiting.size >= MOST_WAITING) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.waiting.delete(enter);
        clearTimeout(timer);
        departed.removeEventListener('abort', giveUp);
        settle();
      };
      const enter = (): void => end(resolve);
      const giveUp = (): void => end(() => reject(tooMany()));
      const timer = setTimeout(giveUp, PATIENCE).unref();
      departed.addEventListener('abort', giveUp);
      this.waiting.add(enter);
    });
  }

  /** Handshakes that wait for their turn. */
  get queueLength(): number {
    return this.waiting.size;
  }

  /** Gives a place to the one who has waited longest. */
  private pass(): void {
    const [next] = this.waiting;
    if (next) next();
    else this.free++;
  }
}

const tooMany = (): Error => unavailable('Too many are connecting, try again later');
