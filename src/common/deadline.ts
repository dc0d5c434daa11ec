import { unavailable } from './errors.js';

/** How long something may still take; to be asked before anything is begun that nobody would wait for. */
export interface Deadline {
  readonly hasPassed: boolean;
}

interface Term extends Deadline {
  hasPassed: boolean;
  readonly endsAt: number;
  readonly expire: () => void;
}

/**
 * Deadlines of one length, for work that is begun by the thousand: they end in the order in which they began, so that one
 * timer serves them all.
 */
export class Deadlines {
  private readonly terms = new Set<Term>();
  private isTimed = false;

  /** @param length milliseconds that each may take */
  constructor(private readonly length: number) {}

  /**
   * What becomes of `work`, or a refusal when that is not known in time: what `work` does then is done, but not told.
   *
   * @throws unavailable, after the deadline.
   */
  within<T>(work: (deadline: Deadline) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const term: Term = {
        hasPassed: false,
        endsAt: performance.now() + this.length,
        expire: () => reject(unavailable()),
      };
      this.terms.add(term);
      this.time();
      work(term).then(this.ending(term, resolve), this.ending(term, reject));
    });
  }

  private ending<A>(term: Term, tell: (answer: A) => void): (answer: A) => void {
    return (answer) => {
      this.terms.delete(term);
      tell(answer);
    };
  }

  private time(): void {
    if (this.isTimed) return;
    const [next] = this.terms;
    if (!next) return;
    this.isTimed = true;
    setTimeout(() => this.end(), Math.max(1, next.endsAt - performance.now())).unref();
  }

  private end(): void {
    this.isTimed = false;
    const now = performance.now();
    for (const term of this.terms) {
      if (term.endsAt > now) break;
      this.terms.delete(term);
      term.hasPassed = true;
      term.expire();
    }
    this.time();
  }
}
