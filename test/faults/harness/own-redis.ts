import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../support/free-ports.js';
import { Program } from './processes.js';
import { until } from './waiting.js';

/** A Redis server of the test's own, which keeps nothing: after a restart it knows of nobody. */
export class OwnRedis {
  private server: Program | undefined;

  private constructor(
    private readonly home: string,
    readonly port: number,
  ) {}

  static async start(): Promise<OwnRedis> {
    const redis = new OwnRedis(await mkdtemp(join(tmpdir(), 'parlance-faults-redis-')), await freePort());
    await redis.restart();
    return redis;
  }

  async restart(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.server = Program.run('redis-server', options, { cwd: this.home });
    await until('Redis answers', 10_000, () => this.ask('PING'));
  }

  async kill(): Promise<void> {
    await this.server?.end('SIGKILL');
  }

  get isUp(): boolean {
    return this.server !== undefined && !this.server.hasEnded;
  }

  /** The answer to one command. */
  async ask(command: string, ...args: string[]): Promise<unknown> {
    const client = new Redis(this.port, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
    client.on('error', () => {}); // told by the command
    try {
      await client.connect();
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  }

  /** The topics to which some node listens. */
  async topics(): Promise<string[]> {
    return (await this.ask('PUBSUB', 'CHANNELS')) as string[];
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.home, { recursive: true, force: true });
  }
}
