import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { freePort } from '../../support/free-ports.js';
import { Program } from './processes.js';
import { until } from './waiting.js';

const VERSIONS = '/usr/lib/postgresql'; // Debian's
const USER = 'parlance';

/** A PostgreSQL server of the test's own, as durable as one in production: it flushes its log before it answers. */
export class OwnPostgres {
  private server: Program | undefined;

  private constructor(
    private readonly programs: string,
    private readonly home: string,
    private readonly owner: { uid: number; gid: number } | undefined,
    readonly port: number,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** @param settings of the server, which go before its own: a less durable one, say */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<OwnPostgres> {
    const [newest] = readdirSync(VERSIONS).toSorted((one, other) => Number(other) - Number(one));
    const owner = process.getuid?.() === 0 ? idsOf('postgres') : undefined; // it refuses to run as root
    const home = await mkdtemp(join(tmpdir(), 'parlance-faults-postgres-'));
    if (owner) await chown(home, owner.uid, owner.gid);
    const postgres = new OwnPostgres(`${VERSIONS}/${newest}/bin`, home, owner, await freePort(), settings);
    const options = ['-D', postgres.data, '-U', USER, '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
    await postgres.run('initdb', options).succeed();
    await postgres.restart();
    return postgres;
  }

  /** Its address, seen through `port`: its own, or a proxy's. */
  urlAt(port: number): string {
    return `postgres://${USER}@127.0.0.1:${port}/postgres`;
  }

  /** Starts it again, and waits until it answers; after an immediate stop it recovers first. */
  async restart(): Promise<void> {
    const settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: '',
      fsync: 'on',
      synchronous_commit: 'on',
      ...this.settings,
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.server = this.run('postgres', ['-D', this.data, ...options]);
    await until('PostgreSQL answers', 60_000, () => {
      if (this.server?.hasEnded) throw new Error(this.server.written);
      return this.query('SELECT 1');
    });
  }

  /** Ends it without a checkpoint and without a word to its clients (`pg_ctl stop -m immediate`). */
  async stopImmediately(): Promise<void> {
    await this.server?.end('SIGQUIT');
  }

  /** Has it stand still, all of its processes; connections stay, and new ones are taken by the system alone. */
  freeze(): void {
    for (const pid of this.pids()) process.kill(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.pids()) process.kill(pid, 'SIGCONT');
  }

  private pids(): number[] {
    const pid = this.server!.child.pid!;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return [pid, ...children.filter((child) => child !== '').map(Number)];
  }

  get isUp(): boolean {
    return this.server !== undefined && !this.server.hasEnded;
  }

  async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: this.urlAt(this.port), application_name: 'faults' });
    client.on('error', () => {}); // told by the query
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    await this.stopImmediately();
    await rm(this.home, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.home, 'data');
  }

  private run(program: string, args: readonly string[]): Program {
    return Program.run(join(this.programs, program), args, {
      cwd: this.home,
      env: { LC_ALL: 'C.UTF-8' },
      ...this.owner,
    });
  }
}

function idsOf(user: string): { uid: number; gid: number } {
  const ask = (flag: string): number => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}
