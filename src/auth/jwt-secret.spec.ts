import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptJwtSecret } from './jwt-secret.js';

describe('keptJwtSecret', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = join(await mkdtemp(join(tmpdir(), 'jwt-secret-')), 'data');
  });
  afterEach(() => rm(join(dataDir, '..'), { recursive: true }));

  it('makes a key of 32 random bytes for its owner alone, and nothing beside it', async () => {
    const secret = await keptJwtSecret(dataDir);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect((await stat(join(dataDir, 'jwt-secret'))).mode & 0o777).toBe(0o600);
    await expect(readdir(dataDir)).resolves.toEqual(['jwt-secret']);
  });

  it('keeps the key', async () => {
    const secret = await keptJwtSecret(dataDir);
    await expect(keptJwtSecret(dataDir)).resolves.toBe(secret);
  });

  it('agrees on one key with others that start at the same time', async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => keptJwtSecret(dataDir)));
    expect(new Set(secrets).size).toBe(1);
  });

  it('refuses a file that holds no key, naming it', async () => {
    await keptJwtSecret(dataDir);
    await writeFile(join(dataDir, 'jwt-secret'), '');
    await expect(keptJwtSecret(dataDir)).rejects.toThrow(/jwt-secret does not hold a key/);
  });
});
