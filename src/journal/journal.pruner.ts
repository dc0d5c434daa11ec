import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { StoredJournal } from './journal.repository.js';

/** Milliseconds between two prunings. Every node does it: what one has forgotten costs the others nothing. */
const PERIOD = 10 * 60_000;

/** Keeps the journal short. */
@Injectable()
export class JournalPruner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(JournalPruner.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly journal: StoredJournal) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.prune(), PERIOD).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async prune(): Promise<void> {
    try {
      await this.journal.prune();
    } catch (error) {
      this.logger.warn(`the journal is not pruned yet: ${(error as Error).message}`);
    }
  }
}
