import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onServerCore } from './machine.js';

const ATTENDANT = new URL('./subjects/attendant.js', import.meta.url).href;
/** Milliseconds to start, to answer an order, and to stop. */
const PATIENCE = 60_000;

/** None may outlive the benchmark. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** What a server's memory is used for, in bytes, when all garbage is gone. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** A server under test: a process of its own, on the servers' core. What it writes goes to a file, which nobody reads. */
export class Server {
  private constructor(
    private readonly child: ChildProcess,
    private readonly home: string,
    readonly port: number,
  ) {}

  /** Starts a script, and waits until it is ready. @throws when it ends before, with what it wrote */
  static async start(script: URL, settings: Readonly<Record<string, string>>): Promise<Server> {
    const home = await mkdtemp(join(tmpdir(), 'parlance-bench-'));
    const log = join(home, 'log');
    const output = openSync(log, 'a');
    const node = [process.execPath, '--expose-gc', `--import=${ATTENDANT}`, fileURLToPath(script)];
    const [program, ...args] = [...onServerCore, ...node] as [string, ...string[]];
    const env = { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV, DATA_DIR: home, ...settings };
    const child = spawn(program, args, { cwd: home, env, stdio: ['ignore', output, output, 'ipc'] });
    closeSync(output);
    running.add(child);
    child.on('exit', () => running.delete(child));
    const giveUpAt = performance.now() + PATIENCE;
    while (performance.now() < giveUpAt && child.exitCode === null) {
      const port = /"urls":\["http:\/\/[^:]+:(\d+)"/.exec(readFileSync(log, 'utf8'))?.[1];
      if (port !== undefined) return new Server(child, home, Number(port));
      await delay(20);
    }
    child.kill('SIGKILL');
    const written = readFileSync(log, 'utf8');
    await rm(home, { recursive: true, force: true });
    throw new Error(`${script.pathname} did not start:\n${written}`);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Where it keeps its data, if it does. */
  get dataDir(): string {
    return this.home;
  }

  /** Frees what is garbage, and tells what is left. */
  memory(): Promise<Memory> {
    return this.order<Memory>('memory');
  }

  /** Begins to note where the time goes. */
  async profile(): Promise<void> {
    await this.order('profile');
  }

  /** Writes what was noted, in the format of `node --cpu-prof`. */
  async profiled(file: string): Promise<void> {
    await this.order('profiled', file);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE);
      await exit;
      clearTimeout(timer);
    }
    await rm(this.home, { recursive: true, force: true });
  }

  private async order<Answer>(order: string, file = ''): Promise<Answer> {
    const answer = once(this.child, 'message', { signal: AbortSignal.timeout(PATIENCE) });
    this.child.send({ order, file });
    return ((await answer) as [Answer])[0];
  }
}
