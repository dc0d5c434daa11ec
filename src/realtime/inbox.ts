type Job = () => unknown;

/** Frames of one connection that may be at work or wait; beyond it the socket is not read. */
const HIGH_WATER = 64;
const LOW_WATER = 16;

/** Whose inbox it is. */
export interface InboxOwner {
  /** Nothing more is to be read, until {@link resume}. */
  pause(): void;
  resume(): void;
  /** A job, or work that is tracked, has failed. */
  onError(error: unknown): void;
}

/**
 * What one connection asks for, one after the other, in its order. What need not be waited for (a send, whose order the
 * writer keeps) is tracked beside it: it holds up nothing, but counts.
 */
export class Inbox {
  private readonly jobs: Job[] = [];
  private working = false;
  private tracked = 0;
  private closed = false;
  private paused = false;
  private idle: (() => void)[] | undefined;

  constructor(private readonly owner: InboxOwner) {}

  /** Runs `job` when everything added before it is done. */
  add(job: Job): void {
    if (this.closed) return;
    if (this.working) this.jobs.push(job);
    else this.work(job);
    this.regulate();
  }

  /** Counts `work` until it is settled, without making anything wait for it. */
  track(work: Promise<unknown>): void {
    this.tracked++;
    void work.then(
      () => this.settle(),
      (error: unknown) => {
        this.owner.onError(error);
        this.settle();
      },
    );
  }

  /** Answered when nothing is at work or waits. */
  whenIdle(): Promise<void> {
    return this.load === 0 ? Promise.resolve() : new Promise((resolve) => (this.idle ??= []).push(resolve));
  }

  /** Drops what has not begun: its sender is gone or may ask for nothing more. */
  close(): void {
    this.closed = true;
    this.jobs.length = 0;
    this.regulate();
  }

  /** Runs one job after the other, at once as long as none has to be waited for. */
  private work(first = this.jobs.shift()): void {
    this.working = true;
    for (let job = first; job; job = this.jobs.shift()) {
      try {
        const result = job();
        if (result instanceof Promise) return void this.workAfter(result);
      } catch (error) {
        this.owner.onError(error);
      }
      this.regulate();
    }
    this.working = false;
    this.regulate();
  }

  private settle(): void {
    this.tracked--;
    this.regulate();
  }

  private async workAfter(result: Promise<unknown>): Promise<void> {
    await result.catch((error: unknown) => this.owner.onError(error));
    this.regulate();
    this.work();
  }

  private get load(): number {
    return this.jobs.length + this.tracked + (this.working ? 1 : 0);
  }

  private regulate(): void {
    const { load } = this;
    if (!this.paused && load >= HIGH_WATER) {
      this.paused = true;
      this.owner.pause();
    } else if (this.paused && load <= LOW_WATER) {
      this.paused = false;
      this.owner.resume(); // also when closed: the peer's answer to the close frame is still to be read
    }
    if (load > 0 || !this.idle) return;
    for (const resolve of this.idle) resolve();
    this.idle = undefined;
  }
}
