/** Milliseconds without a key after which one is said to have stopped. */
const STOPS = 3_000;

/** Turns keys into what others are told: once that someone types, and once that they do not any more. */
export class OwnTyping {
  #isTyping = false;
  #stopping: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly say: (isTyping: boolean) => void) {}

  /** To be called with every key. */
  key(): void {
    clearTimeout(this.#stopping);
    this.#stopping = setTimeout(() => this.stop(), STOPS);
    this.#become(true);
  }

  stop(): void {
    clearTimeout(this.#stopping);
    this.#become(false);
  }

  #become(isTyping: boolean): void {
    if (isTyping === this.#isTyping) return;
    this.#isTyping = isTyping;
    this.say(isTyping);
  }
}
