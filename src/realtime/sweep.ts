import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Bus } from './bus/bus.js';
import { Hub } from './hub.js';
import { Standing } from './standing.js';

/** Milliseconds between two readings of the journal: what is taken away ends within a second, whatever the bus did. */
const STANDING_PERIOD = 500;
/** Milliseconds between two comparisons of the rooms with the database, while the bus is whole and while it is away. */
const ROOMS_PERIOD = 5_000;
const ROOMS_PERIOD_ALONE = 1_000;

/**
 * Finds in the database what the bus has lost: of users' standing soon, of the newest changes of conversations within 5 s.
 * (Older ones a room misses by itself, when it hears of a newer one.)
 */
@Injectable()
export class Sweep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Sweep.name);
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly failing = new Set<string>();
  private checkedAt = performance.now();

  constructor(
    private readonly bus: Bus,
    private readonly standing: Standing,
    private readonly hub: Hub,
  ) {}

  onApplicationBootstrap(): void {
    this.repeat('users’ standing', STANDING_PERIOD, () => this.standing.catchUp());
    this.repeat('conversations', ROOMS_PERIOD_ALONE, async () => {
      if (this.bus.isWhole && performance.now() - this.checkedAt < ROOMS_PERIOD - ROOMS_PERIOD_ALONE / 2) return;
      this.checkedAt = performance.now();
      await this.hub.check();
    });
    this.bus.onRestored(() => void this.attempt('conversations', () => this.hub.check()));
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /** Begins again each `period`, unless it is still at work. */
  private repeat(what: string, period: number, work: () => Promise<void>): void {
    let isAtWork = false;
    const timer = setInterval(() => {
      if (isAtWork) return;
      isAtWork = true;
      void this.attempt(what, work).finally(() => (isAtWork = false));
    }, period).unref();
    this.timers.add(timer);
  }

  /** Never rejects; tells once that it fails, and once that it does no more. */
  private async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      if (this.failing.delete(what)) this.logger.log(`${what} are compared with the database again`);
    } catch (error) {
      if (this.failing.has(what)) return;
      this.failing.add(what);
      this.logger.warn(`${what} cannot be compared with the database: ${(error as Error).message}`);
    }
  }
}
