import { setTimeout as delay } from 'node:timers/promises';
import { Crowd, type GroupPlan } from './generator/crowd.js';
import type { Figures, Size } from './scenario.js';
import type { Subject } from './subjects.js';
import type { World } from './world.js';

/** Share of a measurement's time for which it is run before, so that everything is compiled. */
const WARMING = 1 / 3;

/** What happened while it was measured. */
export interface Window {
  readonly seconds: number;
  readonly sent: number;
  readonly heard: number;
  readonly acked: number;
  readonly bytes: number;
  /** Milliseconds of processor time. */
  readonly server: number;
  readonly database: number;
  readonly generator: number;
}

/** Lets a crowd, which is at work, go on for so long. */
export async function watch(subject: Subject, crowd: Crowd, { seconds }: Size): Promise<Window> {
  await delay(seconds * WARMING * 1000);
  await subject.pin();
  return subject.profiling(async () => {
    const [cpu, before, own] = [subject.cpu, crowd.totals, process.cpuUsage()];
    await delay(seconds * 1000);
    const after = crowd.totals;
    const used = process.cpuUsage(own);
    const now = subject.cpu;
    return {
      seconds: (after.at - before.at) / 1000,
      sent: after.sent - before.sent,
      heard: after.heard - before.heard,
      acked: after.acked - before.acked,
      bytes: after.bytes - before.bytes,
      server: now.server - cpu.server,
      database: now.database - cpu.database,
      generator: (used.user + used.system) / 1000,
    };
  });
}

/** Connects a crowd, has it do something, and makes sure that everyone heard everything. */
export async function withCrowd<T>(
  subject: Subject,
  plans: readonly GroupPlan[],
  { smoke }: Size,
  work: (crowd: Crowd) => Promise<T>,
): Promise<T> {
  const crowd = await Crowd.open(subject.addresses, plans);
  try {
    if (!smoke) await subject.calm();
    const result = await work(crowd);
    crowd.stop();
    await crowd.settle();
    return result;
  } finally {
    crowd.close();
  }
}

/** Deliveries a second, and what they took. */
export function deliveries(window: Window): Figures {
  const { seconds, sent, heard, bytes, server } = window;
  return {
    value: heard / seconds,
    'messages/s': sent / seconds,
    'bytes/delivery': bytes / heard,
    'server µs/delivery': (server * 1000) / heard,
    ...busy(window),
  };
}

/** Acknowledged messages a second, how long each took, and what they took. @param latencies in milliseconds */
export function acknowledgements(window: Window, latencies: number[]): Figures {
  const { seconds, heard, acked, server, database } = window;
  return {
    value: acked / seconds,
    'deliveries/s': heard / seconds,
    'p50 ms': quantile(latencies, 0.5),
    'p99 ms': quantile(latencies, 0.99),
    'server µs/message': (server * 1000) / acked,
    'database µs/message': (database * 1000) / acked,
    ...busy(window),
  };
}

/** How much of its core each had, in hundredths. */
export function busy(window: Pick<Window, 'seconds' | 'server' | 'database' | 'generator'>): Record<string, number> {
  const share = (milliseconds: number): number => milliseconds / window.seconds / 10;
  return {
    'server %': share(window.server),
    'database %': share(window.database),
    'generator %': share(window.generator),
  };
}

/** Puts a world into the database of each subject once. */
export class Worlds {
  private readonly filled = new WeakSet<Subject>();

  constructor(private readonly world: World) {}

  async in(subject: Subject): Promise<void> {
    if (this.filled.has(subject)) return;
    this.filled.add(subject);
    await subject.fill(this.world);
  }
}

/** The value below which a share of the values lies; sorts them. */
export function quantile(values: number[], share: number): number {
  values.sort((one, other) => one - other);
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
}

export function median(values: readonly number[]): number {
  return quantile([...values], 0.5);
}
