import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the servers under test run, with their databases, and where the generator does. */
export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

/** Milliseconds of a tick, in which Linux counts a process's time: 100 a second everywhere. */
const TICK = 10;

/** Whether programs can be given a core each. */
export const canPin = cpus().length > 1 && isThere('taskset');

/** What starts a program on the servers' core. */
export const onServerCore: readonly string[] = canPin ? ['taskset', '-c', String(SERVER_CORE)] : [];

/** Keeps this process, all of its threads, to the generator's core. */
export function pinGenerator(): void {
  if (canPin) execFileSync('taskset', ['-acp', String(GENERATOR_CORE), String(process.pid)], { stdio: 'ignore' });
}

/** Moves a process to the servers' core. @returns whether that was allowed */
export async function pinToServerCore(pid: number): Promise<boolean> {
  if (!canPin) return false;
  return run('taskset', ['-acp', String(SERVER_CORE), String(pid)]).then(
    () => true,
    () => false,
  );
}

/** Milliseconds that these processes have had of a processor; one that has ended counts for nothing. */
export function cpuTime(pids: Iterable<number>): number {
  let ticks = 0;
  for (const pid of pids) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // it has ended
    }
  }
  return ticks * TICK;
}

/** What the figures were taken on. */
export function describeMachine(): Record<string, unknown> {
  return {
    processor: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    load: loadavg().map((load) => Math.round(load * 100) / 100),
    pinned: canPin,
  };
}

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
