import { readdir, readFile } from 'node:fs/promises';
import { freePort } from '../../support/free-ports.js';
import { type Exit, type SpawnedServer, spawnServer } from '../../support/spawned-server.js';
import type { Line } from '../../../src/testing/line.js';
import { until } from './waiting.js';

/** What a node takes of its machine. */
export interface Usage {
  /** Files and sockets that it holds open. */
  readonly descriptors: number;
  /** Bytes of memory. */
  readonly resident: number;
}

/** What a node says of itself when it is asked by a signal (see `witness.mjs`). */
export interface Testimony {
  /** Of its own, running or sleeping. */
  readonly timers: number;
  /** Bytes that are in use after everything unused was freed. */
  readonly heap: number;
}

/** A node: a server process that can be killed, and started again at the same address. */
export class Node {
  private process: SpawnedServer | undefined;

  private constructor(
    readonly name: string,
    readonly port: number,
    /** Its lines to what it depends on. */
    readonly toPostgres: Line,
    readonly toRedis: Line,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly dataDir: string,
  ) {
    process.on('exit', () => this.process?.child.kill('SIGKILL'));
  }

  static async prepare(
    name: string,
    lines: { readonly toPostgres: Line; readonly toRedis: Line },
    settings: Readonly<Record<string, string>>,
    dataDir: string,
  ): Promise<Node> {
    return new Node(name, await freePort(), lines.toPostgres, lines.toRedis, settings, dataDir);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get isUp(): boolean {
    const child = this.process?.child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Starts it, with settings for this time if any are given. */
  async start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    this.process = await spawnServer({ ...this.settings, ...settings, PORT: String(this.port) }, this.dataDir);
  }

  /** Sends a signal that ends it, and waits for that. */
  async end(signal: NodeJS.Signals): Promise<Exit> {
    return this.running.kill(signal);
  }

  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void {
    this.running.child.kill(signal);
  }

  /** Waits until it says that it is ready for work. */
  async ready(patience: number): Promise<void> {
    await until(`${this.name} is ready`, patience, async () => {
      const { ok } = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      return ok;
    });
  }

  /** How many clients of the dialect `channels` it counts, on all nodes. */
  async countClients(): Promise<number> {
    const answer = await fetch(`${this.url}/api/v1/ws/stats`);
    return ((await answer.json()) as { data: { total_clients: number } }).data.total_clients;
  }

  async usage(): Promise<Usage> {
    const { pid } = this.running.child;
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
    return { descriptors: (await readdir(`/proc/${pid}/fd`)).length, resident: kilobytes * 1024 };
  }

  /** Asks the node, which must have been started with the witness, what it holds. */
  async testify(): Promise<Testimony> {
    const count = this.testimonies().length;
    this.signal('SIGUSR2');
    const said = await until(`${this.name} testifies`, 10_000, () => this.testimonies()[count]);
    return JSON.parse(said) as Testimony;
  }

  /** What it has warned of since it was started. */
  get warnings(): string[] {
    const written = this.process?.stdout() ?? '';
    return written.split('\n').filter((line) => /"level":[456]0/.test(line));
  }

  /** What it wrote of things that nobody expected, which must be nothing. */
  get alarms(): string[] {
    const written = this.process ? `${this.process.stdout()}${this.process.stderr()}` : '';
    return written.split('\n').filter((line) => line.includes('"level":60') || /Warning:|unhandled/i.test(line));
  }

  private testimonies(): string[] {
    return Array.from(this.running.stdout().matchAll(/^witness (.*)$/gm), ([, said]) => said!);
  }

  private get running(): SpawnedServer {
    if (!this.process) throw new Error(`${this.name} was never started`);
    return this.process;
  }
}
