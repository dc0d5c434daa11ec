import { setTimeout as delay } from 'node:timers/promises';

/** Lets `burst` through at once and `perSecond` in the long run. */
export class TokenBucket {
  private tokens: number;
  private filledAt = performance.now();

  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
  ) {
    this.tokens = burst;
  }

  /** Takes a token; false when there is none. */
  take(): boolean {
    this.fill();
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }

  /** Waits for a token, and takes it. */
  async turn(): Promise<void> {
    while (!this.take()) {
      await delay(Math.ceil(((1 - this.tokens) / this.perSecond) * 1000), undefined, { ref: false });
    }
  }

  private fill(): void {
    const now = performance.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
  }
}
