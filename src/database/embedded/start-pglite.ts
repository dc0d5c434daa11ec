import { PGlite } from '@electric-sql/pglite';
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DurableFs } from './durable-fs.js';

/** An empty database's files, made once by the build. */
export const TEMPLATE = fileURLToPath(new URL('./template.tar.gz', import.meta.url));

/** PostgreSQL's settings for a database whose every acknowledged commit survives a crash. */
const START_PARAMETERS = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'), // -F turns fsync off
  '-c',
  'wal_sync_method=fsync',
  // Its statistics are never renewed, so that plans made while tables were small stay: an index must look cheap from the start.
  '-c',
  'random_page_cost=1',
];

/**
 * Opens the database in `directory`, which is made where it is missing: from the template that the build left (about a
 * second), or by initdb where there is none (about four). A directory is either whole or not there.
 */
export async function startPglite(directory: string): Promise<PGlite> {
  if (!existsSync(directory)) await create(directory);
  return open(directory);
}

async function create(directory: string): Promise<void> {
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const archive = existsSync(TEMPLATE) ? new Blob([readFileSync(TEMPLATE)]) : undefined;
  await (await open(unfinished, archive)).close();
  flush(unfinished);
  renameSync(unfinished, directory);
  flushOne(dirname(directory));
}

function open(directory: string, loadDataDir?: Blob): Promise<PGlite> {
  return PGlite.create({
    fs: new DurableFs(directory),
    startParams: START_PARAMETERS,
    ...(loadDataDir ? { loadDataDir } : {}),
  });
}

function flush(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    flushOne(join(entry.parentPath, entry.name));
  }
}

function flushOne(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
