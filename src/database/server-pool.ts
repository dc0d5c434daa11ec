import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client, Pool, type PoolClient, type PoolConfig } from 'pg';

/** Milliseconds for which a connection that was asked something may be silent: more than the server lets a statement take. */
const SILENCE = 4_000;
/** Milliseconds between two attempts to reach a server that was silent. */
const PAUSE = 250;

type Acquired = (error: Error | undefined, client: PoolClient | undefined, release: (error?: unknown) => void) => void;

/** What the driver's client has, and its types do not tell. */
interface Wire {
  readonly connection: { readonly stream: Socket };
  /** Whether the server has answered all that it was asked. */
  readonly readyForQuery: boolean;
}
type WiredClient = PoolClient & Wire;

/**
 * The connections to a PostgreSQL server that may fall silent: be cut off without a word, or stand still. A server's own
 * timeouts do not help then, and the driver's give the connection back to the pool with the answer still to come, for the
 * next one to wait behind. Here a silent connection is destroyed, and those that lie idle with it, since what made one
 * silent has met them too. Until the server is heard again, whoever asks is refused at once and does not wait in vain.
 */
export class ServerPool extends Pool {
  private readonly clients = new Set<WiredClient>();
  private readonly logger = new Logger('Database');
  private isSilent = false;

  constructor(config: PoolConfig) {
    super(config);
    this.on('connect', (client) => this.watch(client as WiredClient));
    this.on('remove', (client) => this.clients.delete(client as WiredClient));
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Acquired): void;
  override connect(callback?: Acquired): Promise<PoolClient> | void {
    if (callback) this.acquire(callback);
    else {
      return new Promise((resolve, reject) =>
        this.acquire((error, client) => (client ? resolve(client) : reject(error!))),
      );
    }
  }

  private acquire(callback: Acquired): void {
    if (this.isSilent) {
      process.nextTick(callback, silence(), undefined, () => {});
      return;
    }
    super.connect((error, client, release) => {
      if (error && isTimeout(error)) this.fallSilent();
      callback(error, client, release);
    });
  }

  private watch(client: WiredClient): void {
    this.clients.add(client);
    const { stream } = client.connection;
    stream.setTimeout(SILENCE).on('timeout', () => {
      if (client.readyForQuery) return; // it was asked nothing; what it is asked in this moment is not overdue
      const heard = stream.bytesRead;
      // An answer may have come while this process was busy elsewhere: it is read before this is asked.
      setImmediate(() => {
        if (client.readyForQuery || stream.bytesRead > heard) return;
        stream.destroy(silence());
        this.fallSilent();
      });
    });
  }

  private fallSilent(): void {
    if (this.isSilent || this.ending) return;
    this.isSilent = true;
    this.logger.error('The database does not answer');
    for (const { connection, readyForQuery } of this.clients) if (readyForQuery) connection.stream.destroy(silence());
    void this.listen();
  }

  /** Tries until the server says anything: also that it is not there, which is then told to whoever asks. */
  private async listen(): Promise<void> {
    while (!this.ending && !(await this.isHeard())) await pause(PAUSE, undefined, { ref: false });
    this.isSilent = false;
    if (!this.ending) this.logger.log('The database is heard again');
  }

  private async isHeard(): Promise<boolean> {
    const client = new Client({ ...this.options, query_timeout: SILENCE });
    client.on('error', () => {}); // told by what is awaited
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch (error) {
      return !isTimeout(error as Error);
    } finally {
      client.end().catch(() => {});
    }
  }
}

function silence(): Error {
  return Object.assign(new Error('The database does not answer'), { code: 'ETIMEDOUT' });
}

/** What the driver says when a server is silent; a full pool is another matter. */
function isTimeout({ message, code }: Error & { code?: unknown }): boolean {
  return (
    code === 'ETIMEDOUT' ||
    /^Connection terminated due to connection timeout|^timeout expired|^Query read timeout/.test(message)
  );
}
