/** Random choices that a seed repeats. */
export class Random {
  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  private state: number;

  /** The seed that `SEED` names, or any. */
  static fromEnvironment(): Random {
    const { SEED } = process.env;
    return new Random(SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(SEED));
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)]!;
  }

  shuffle<T>(things: readonly T[]): T[] {
    const shuffled = [...things];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(0, last);
      [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
    }
    return shuffled;
  }

  /** A source of its own for a part, so that what one part draws does not change what another does. */
  fork(): Random {
    return new Random(this.integer(0, 2 ** 31));
  }
}
