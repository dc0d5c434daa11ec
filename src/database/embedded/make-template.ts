import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPglite, TEMPLATE } from './start-pglite.js';

// A build step: an empty database as an archive, so that a first start need not run initdb.
const directory = mkdtempSync(join(tmpdir(), 'parlance-template-'));
const database = await startPglite(join(directory, 'pgdata'));
const archive = await database.dumpDataDir('gzip');
writeFileSync(TEMPLATE, Buffer.from(await archive.arrayBuffer()));
await database.close();
rmSync(directory, { recursive: true });
