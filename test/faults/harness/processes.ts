import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

const living = new Set<ChildProcess>();

/** Nothing that a test started outlives it, however it ends; a stopped process dies by this signal too. */
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

/** A program that a test runs beside the nodes; what it writes is kept for when it fails. */
export class Program {
  /** Answered when it has ended. */
  readonly exited: Promise<void>;
  private output = '';

  private constructor(
    readonly child: ChildProcess,
    private readonly name: string,
  ) {
    living.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (part: string) => (this.output = (this.output + part).slice(-20_000)));
    }
    this.exited = once(child, 'close').then(() => void living.delete(child));
  }

  static run(command: string, args: readonly string[], options: SpawnOptions = {}): Program {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    child.on('error', () => {}); // told by what waits for it
    return new Program(child, command);
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** What it wrote, the end of it. */
  get written(): string {
    return this.output;
  }

  /** Sends a signal, and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.hasEnded) this.child.kill(signal);
    await this.exited;
  }

  /** @throws when it ended with anything but 0 */
  async succeed(): Promise<void> {
    await this.exited;
    if (this.child.exitCode !== 0) throw new Error(`${this.name} failed:\n${this.output}`);
  }
}
