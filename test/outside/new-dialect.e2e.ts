import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runServer } from '../support/spawned-server.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { OutsidePackage } from './package.js';

const run = promisify(execFile);

/** Milliseconds: a package is made, compiled and tested, by processes of their own. */
const PATIENCE = 240_000;

const make = (...words: string[]): Promise<{ stdout: string }> =>
  run('npm', ['run', '--silent', 'new:dialect', '--', ...words]);

describe('npm run new:dialect', () => {
  it(
    'makes a package that compiles, is without a lint, passes the conformance kit, and serves',
    async () => {
      const directory = join(await temporaryDirectory(), 'parrot');
      const { stdout } = await make('parrot', '--into', directory);
      expect(stdout).toContain(`${directory} has the dialect parrot`);
      expect(readdirSync(join(directory, 'src'))).toContain('parrot.gateway.ts');

      const parrot = await OutsidePackage.at(directory);
      expect(await parrot.run('npm', 'test')).toMatchObject({ code: 0, output: expect.stringMatching(/ fail 0\n/) });
      expect(await parrot.lint()).toBe('');

      const server = runServer({}, await temporaryDirectory(), join(directory, 'dist/src/main.js'));
      await expect.poll(() => server.stdout(), { timeout: 60_000 }).toContain('"ready"');
      expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 });
    },
    PATIENCE,
  );

  it.each([
    [[], 'usage: npm run new:dialect -- NAME [--into DIRECTORY]'],
    [['one', 'two'], 'usage: '],
    [['--where', 'x'], 'usage: '],
    [['Parrot'], 'NAME must be a word of lower-case letters, not "Parrot"'],
    [['../parrot'], 'NAME must be a word of lower-case letters'],
    [['flat'], 'there is a dialect flat already'],
    [['parrot', '--into', 'src'], 'src is not empty'],
  ])('refuses %j', async (words, message) => {
    await expect(make(...words)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  });
});
