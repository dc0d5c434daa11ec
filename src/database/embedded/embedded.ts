import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EmbeddedWorkerData } from './embedded.worker.js';

/** A PostgreSQL to be reached by any client at the socket directory `host`, until `close` is called. */
export interface EmbeddedDatabase {
  readonly host: string;
  close(): Promise<void>;
}

const SOCKET_NAME = '.s.PGSQL.5432'; // the name that PostgreSQL clients derive from a socket directory
const LONGEST_SOCKET_PATH = 103; // of the systems we run on, macOS has the shortest

/** What this process has opened, or is opening, by socket directory. */
const opened = new Map<string, Promise<EmbeddedDatabase>>();

/**
 * Opens the embedded database under `dataDir`: PostgreSQL in a worker thread, so that the event loop that serves the
 * sockets stays free, behind a unix socket beside the data. Within a process, it is opened once.
 *
 * @throws {Error} when another process has it open: a data directory has one server.
 */
export function openEmbedded(dataDir: string): Promise<EmbeddedDatabase> {
  const host = socketDirectory(dataDir);
  let database = opened.get(host);
  if (!database) {
    database = open(dataDir, host);
    opened.set(host, database);
    database.catch(() => opened.delete(host));
  }
  return database;
}

async function open(dataDir: string, host: string): Promise<EmbeddedDatabase> {
  if (await isServed(host)) throw new Error(`DATA_DIR ${dataDir} is in use by another server`);
  for (const directory of [dataDir, host]) mkdirSync(directory, { recursive: true, mode: 0o700 });
  rmSync(join(host, SOCKET_NAME), { force: true });

  const worker = new Worker(createRequire(import.meta.url).resolve('#embedded-worker'), {
    workerData: {
      directory: join(resolve(dataDir), 'pgdata'),
      socketPath: join(host, SOCKET_NAME),
    } satisfies EmbeddedWorkerData,
  });
  await answerOf(worker, 'ready');
  worker.once('error', onDeath).once('exit', onDeath);
  return {
    host,
    async close() {
      opened.delete(host);
      worker.off('error', onDeath).off('exit', onDeath);
      const closed = answerOf(worker, 'closed');
      worker.postMessage('close');
      await closed;
      await worker.terminate();
    },
  };
}

/** The database is the truth: without it nothing may be promised, so its end is the process's end. */
function onDeath(): never {
  process.stderr.write('the embedded database stopped\n');
  process.exit(1);
}

/** As {@link openEmbedded}, but joins a running server's database where there is one: for command-line tools. */
export async function joinEmbedded(dataDir: string): Promise<EmbeddedDatabase> {
  const host = socketDirectory(dataDir);
  return (await isServed(host)) ? { host, close: async () => {} } : openEmbedded(dataDir);
}

/** Beside the data, or, where that path is too long for a socket, in the system's temporary directory. */
function socketDirectory(dataDir: string): string {
  const beside = resolve(dataDir);
  if (join(beside, SOCKET_NAME).length <= LONGEST_SOCKET_PATH) return beside;
  const name = createHash('sha256').update(beside).digest('hex').slice(0, 16);
  return join(tmpdir(), `parlance-${name}`);
}

function isServed(host: string): Promise<boolean> {
  return new Promise((answer) => {
    const probe = connect(join(host, SOCKET_NAME));
    probe.once('connect', () => answer(true)).once('error', () => answer(false));
    probe.once('connect', () => probe.destroy());
  });
}

function answerOf(worker: Worker, expected: string): Promise<void> {
  return new Promise((fulfil, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the embedded database stopped')));
    worker.on('message', (message) => {
      if (message === expected) fulfil();
    });
  });
}
