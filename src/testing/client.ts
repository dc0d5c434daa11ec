import { type Expected, matches, tell, tellFrames } from './matching.js';

/** Milliseconds after which a frame that a test waits for is said not to come. */
export const PATIENCE = 12_000;

/** How many frames are kept for the message of a failure. */
const MEMORY = 100;

/** A connection as a test has it: it keeps what arrives until the test asks for it. Every failure says what had arrived. */
export abstract class Client<Frame> {
  private readonly waiting: Frame[] = [];
  private readonly seen: Frame[] = [];
  private fences = 0;
  private howItEnded: string | undefined;
  /** Those who wait for a change. */
  private readonly waiters: (() => void)[] = [];

  /** Stops reading: what the server sends waits in the kernel, and then in the server. */
  abstract stall(): void;
  /** Reads again. */
  abstract flow(): void;
  /** Breaks the line, without a word to the server. */
  abstract cut(): void;
  /** Ends the connection as its protocol has it. */
  abstract close(): Promise<void>;

  /** Sends a frame which changes nothing, and whose answer bears `name`. */
  protected abstract sendFence(name: string): void;
  /** Whether a frame is the answer to that. */
  protected abstract isFence(frame: Frame, name: string): boolean;

  /** The next frame, waited for if need be. @throws when the connection ends before it, or it does not come */
  async next(): Promise<Frame> {
    return this.shift(Date.now() + PATIENCE, 'the frame did not come');
  }

  /** The next `count` frames. */
  async take(count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** The next frame that is as expected; those before it are passed over. @throws when it does not come in time */
  async expectFrame(expected: Expected<Frame>): Promise<Frame> {
    const giveUpAt = Date.now() + PATIENCE;
    for (;;) {
      const frame = await this.shift(giveUpAt, `no frame came that is ${tell(expected)}`);
      if (matches(frame, expected)) return frame;
    }
  }

  /** Waits for the connection to end. @returns how: the close code and its reason, say. @throws when it stays */
  async expectEnd(): Promise<string> {
    const giveUpAt = Date.now() + PATIENCE;
    while (this.howItEnded === undefined) {
      if (Date.now() >= giveUpAt) throw this.failure('the connection did not end');
      await this.changeWithin(giveUpAt - Date.now());
    }
    return this.howItEnded;
  }

  /**
   * Shows that nothing has been sent to this client that was not asked for: whatever the server sent before now arrives
   * before the answer to a frame that is sent now. @throws when anything has
   */
  async expectSilence(): Promise<void> {
    const frames = await this.untilFence();
    if (frames.length > 0) throw new Error(`there should have been silence, but there came\n${tellFrames(frames)}`);
  }

  /** What arrived before the answer to a frame sent now: silence is proved by it, not waited for. */
  async untilFence(): Promise<Frame[]> {
    const name = `fence-${++this.fences}.`;
    this.sendFence(name);
    const before: Frame[] = [];
    for (;;) {
      const frame = await this.next();
      if (this.isFence(frame, name)) return before;
      before.push(frame);
    }
  }

  protected arrived(frame: Frame): void {
    this.waiting.push(frame);
    this.seen.push(frame);
    if (this.seen.length > MEMORY) this.seen.shift();
    this.wakeAll();
  }

  protected ended(how: string): void {
    this.howItEnded = how;
    this.wakeAll();
  }

  private async shift(giveUpAt: number, failure: string): Promise<Frame> {
    while (this.waiting.length === 0) {
      const rest = giveUpAt - Date.now();
      if (this.howItEnded !== undefined) throw this.failure(`${failure}: the connection ended: ${this.howItEnded}`);
      if (rest <= 0) throw this.failure(failure);
      await this.changeWithin(rest);
    }
    return this.waiting.shift()!;
  }

  /** Waits for something to arrive, or for the end. */
  private async changeWithin(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.waiters.push(resolve);
      timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
  }

  private wakeAll(): void {
    for (const wake of this.waiters.splice(0)) wake();
  }

  private failure(what: string): Error {
    return new Error(`${what}\nwhat came was\n${tellFrames(this.seen)}`);
  }
}
