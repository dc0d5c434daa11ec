import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { UsageTally } from '../realtime/usage-tally.js';
import { UsageRepository } from './usage.repository.js';

/** Milliseconds between two writings: what a crash loses at most. */
const PERIOD = 30_000;
/** Counts in one transaction. */
const BATCH = 1_000;

/** Writes down, now and then, what this node's clients have used. */
@Injectable()
export class UsageRecorder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(UsageRecorder.name);
  private timer: NodeJS.Timeout | undefined;
  private last: Promise<void> = Promise.resolve();
  private isFailing = false;
  private prunedOn = '';

  constructor(
    private readonly tally: UsageTally,
    private readonly usage: UsageRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.attempt(), PERIOD).unref();
  }

  /** The sockets have ended by then, and the database has not. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.attempt();
  }

  /** Writes what has been used until now. @throws where the database does not take it; it is tried again later */
  write(): Promise<void> {
    this.last = this.last.catch(() => {}).then(() => this.writeAll());
    return this.last;
  }

  private async writeAll(): Promise<void> {
    const day = new Date().toISOString().slice(0, 10);
    const counts = this.tally.take();
    try {
      while (counts.length > 0) {
        await this.usage.add(day, counts.slice(0, BATCH));
        counts.splice(0, BATCH);
      }
    } catch (error) {
      for (const count of counts) this.tally.add(count);
      throw error;
    }
    if (this.prunedOn === day) return;
    await this.usage.prune();
    this.prunedOn = day;
  }

  /** Never rejects; tells once that it fails. */
  private async attempt(): Promise<void> {
    try {
      await this.write();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.warn(`usage cannot be written down yet: ${(error as Error).message}`);
      this.isFailing = true;
    }
  }
}
