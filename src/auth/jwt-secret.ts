import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'jwt-secret';
const BYTES = 32;

/**
 * The key under `dataDir` that signs access tokens, made at the first call: tokens outlive a restart. Linked into its place
 * whole, so that processes that start together agree on one and a crash leaves no half.
 *
 * @throws {Error} when the file cannot be used
 */
export async function keptJwtSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE);
  const draft = `${path}.${randomUUID()}`;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    await writeFile(draft, randomBytes(BYTES).toString('base64url'), { mode: 0o600, flag: 'wx' });
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const secret = (await readFile(path, 'utf8')).trim();
  if (secret.length < BYTES) throw new Error(`${path} does not hold a key: remove it to have a new one made`);
  return secret;
}
