/** Runs the work of each key one after the other, in the order of the calls; what need not wait, at once. */
export class Sequencer {
  private readonly tails = new Map<string, Promise<unknown>>();

  run<T>(key: string, work: () => T | Promise<T>): T | Promise<T> {
    const tail = this.tails.get(key);
    const turn = tail ? tail.then(work, work) : work();
    if (!(turn instanceof Promise)) return turn;
    const leave = (): void => {
      if (this.tails.get(key) === turn) this.tails.delete(key);
    };
    this.tails.set(key, turn);
    turn.then(leave, leave);
    return turn;
  }
}
