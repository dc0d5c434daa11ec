import { signal } from '@preact/signals';
import { call } from '../api/client.js';
import type { SocketStatistics } from '../api/types.js';
import type { Desk } from '../panes/desk.js';
import { type Metrics, readMetrics } from './metrics.js';
import { extend, type Series } from './series.js';

/** Milliseconds between two readings of this page's own figures, and of the server's. */
export const OWN_EVERY = 1_000;
export const SERVER_EVERY = 5_000;

/** Live figures, read while the page can be seen: who is in which channel, the server's traffic, this page's own frames. */
export class Statistics {
  readonly clients = signal<readonly Series[]>([]);
  readonly channels = signal<Readonly<Record<string, number>>>({});
  /** Of the server, by dialect; none where it does not show them. */
  readonly connections = signal<readonly Series[]>([]);
  readonly framesReceived = signal<readonly Series[]>([]);
  readonly framesSent = signal<readonly Series[]>([]);
  /** Of this page, a second's. */
  readonly ownFrames = signal<readonly Series[]>([]);
  readonly error = signal('');
  /** Whether the server shows its figures here. */
  readonly hasMetrics = signal(true);
  #areMetricsWanted = false;
  #before: Metrics | undefined;
  #counted: { in: number; out: number } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly desk: Desk) {
    setInterval(() => this.#count(), OWN_EVERY);
    document.addEventListener('visibilitychange', () => void this.#read());
    void this.#read();
  }

  /** While someone looks at them, the server's own figures are read, until it refuses. @returns what ends it */
  want(): () => void {
    this.#areMetricsWanted = true;
    void this.#read();
    return () => {
      this.#areMetricsWanted = false;
    };
  }

  #count(): void {
    const logs = this.desk.panes.value.map(({ line }) => line.log.counts);
    const counted = {
      in: logs.reduce((sum, counts) => sum + counts.in, 0),
      out: logs.reduce((sum, counts) => sum + counts.out, 0),
    };
    const before = this.#counted ?? counted;
    this.#counted = counted;
    this.ownFrames.value = extend(this.ownFrames.value, [
      ['in', Math.max(0, counted.in - before.in)], // a pane that was removed takes its counts along
      ['out', Math.max(0, counted.out - before.out)],
    ]);
  }

  async #read(): Promise<void> {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    try {
      await Promise.all([this.#readSockets(), this.#areMetricsWanted && this.hasMetrics.value && this.#readMetrics()]);
      this.error.value = '';
    } catch (error) {
      this.error.value = (error as Error).message;
    }
    // Another may have been set meanwhile, by a page that was hidden and shown again.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), SERVER_EVERY);
  }

  async #readSockets(): Promise<void> {
    const { data } = await call<{ data: SocketStatistics }>('GET', '/ws/stats');
    this.clients.value = extend(this.clients.value, [['channels', data.total_clients]]);
    this.channels.value = data.channels;
  }

  async #readMetrics(): Promise<void> {
    const metrics = await readMetrics();
    this.hasMetrics.value = metrics !== undefined;
    if (!metrics) return;
    const none = new Map<string, number>();
    /** A second's share of what was added to a counter since the last reading. */
    const rate = (name: string): [string, number][] =>
      [...(metrics.get(name) ?? none)].map(([dialect, value]) => {
        const added = value - (this.#before?.get(name)?.get(dialect) ?? value);
        return [dialect, Math.max(0, added) / (SERVER_EVERY / 1000)];
      });
    this.connections.value = extend(this.connections.value, metrics.get('parlance_connections') ?? none);
    this.framesReceived.value = extend(this.framesReceived.value, rate('parlance_frames_received_total'));
    this.framesSent.value = extend(this.framesSent.value, rate('parlance_frames_sent_total'));
    this.#before = metrics;
  }
}
