/** Questions that are asked in one query at most. */
const MOST = 500;
/** Milliseconds from the beginning of one query to that of the next: a quick database must not make for small queries. */
const PACE = 5;

interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks many questions of one kind by few queries: while one is on its way, and for a moment after it has begun, what is asked
 * gathers for the next. So a storm of handshakes costs the database little, and one that comes alone does not wait. A
 * question is never answered by a query that had begun before.
 */
export class Gatherer<Question, Answer> {
  private readonly waiting: Asked<Question, Answer>[] = [];
  private working = false;
  private begunAt = -Infinity;

  /** @param ask answers questions, in their order; where it fails, so do all of them */
  constructor(private readonly ask: (questions: readonly Question[]) => Promise<readonly Answer[]>) {}

  get(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ question, resolve, reject }) === 1 && !this.working) this.begin();
    });
  }

  /** Waits for what else this turn of the event loop brings or, soon after another query, a little longer. */
  private begin(): void {
    const wait = this.begunAt + PACE - performance.now();
    if (wait <= 0) setImmediate(() => void this.work());
    else setTimeout(() => void this.work(), wait);
  }

  private async work(): Promise<void> {
    this.begunAt = performance.now();
    this.working = true;
    await this.answer(this.waiting.splice(0, MOST));
    this.working = false;
    if (this.waiting.length > 0) this.begin();
  }

  /** Never rejects. */
  private async answer(asked: readonly Asked<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.ask(asked.map(({ question }) => question));
      for (const [index, { resolve }] of asked.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
