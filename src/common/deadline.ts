import { unavailable } from './errors.js';

/** How long something may still take; to be asked before anything is begun that nobody would wait for. */
export class Deadline {
  private passed = false;
  private refuse: ((error: Error) => void) | undefined;

  /** @param endsAt by `performance.now()` */
  constructor(
    readonly endsAt: number,
    private readonly open: Set<Deadline>,
  ) {}

  get hasPassed(): boolean {
    return this.passed;
  }

  /**
   * What becomes of `work`, or a refusal when that is not known in time: what `work` does then is done, but not told. To be
   * asked of one piece of work at a time.
   *
   * @throws unavailable, after the deadline.
   */
  bound<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.refuse = reject;
      work.then(resolve, reject);
    });
  }

  /** It was met: nothing is waited for any more. */
  end(): void {
    this.open.delete(this);
  }

  /** The time is up. */
  pass(): void {
    this.end();
    this.passed = true;
    this.refuse?.(unavailable());
  }
}

/**
 * Deadlines of one length, for work that is begun by the thousand: they pass in the order in which they began, so that one
 * timer serves them all.
 */
export class Deadlines {
  private readonly open = new Set<Deadline>();
  private isTimed = false;

  /** @param length milliseconds that each may take */
  constructor(private readonly length: number) {}

  /** Begins one, which is to be ended. */
  begin(): Deadline {
    const deadline = new Deadline(performance.now() + this.length, this.open);
    this.open.add(deadline);
    this.time();
    return deadline;
  }

  private time(): void {
    if (this.isTimed) return;
    const [next] = this.open;
    if (!next) return;
    this.isTimed = true;
    setTimeout(() => this.pass(), Math.max(1, next.endsAt - performance.now())).unref();
  }

  private pass(): void {
    this.isTimed = false;
    const now = performance.now();
    for (const deadline of this.open) {
      if (deadline.endsAt > now) break;
      deadline.pass();
    }
    this.time();
  }
}
