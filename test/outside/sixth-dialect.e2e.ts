import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OutsidePackage } from './package.js';

const EXAMPLE = 'examples/sixth-dialect';

/** Milliseconds: it is compiled, and its tests start servers of their own. */
const PATIENCE = 240_000;

describe('the example of a sixth dialect', () => {
  it('is shorter than 150 lines', () => {
    const files = readdirSync(`${EXAMPLE}/src/lines`).map((file) =>
      readFileSync(`${EXAMPLE}/src/lines/${file}`, 'utf8'),
    );
    expect(files.join('').trim().split('\n').length).toBeLessThan(150);
  });

  it(
    'compiles outside this tree against the packed package, is without a lint, and passes its tests and the conformance kit',
    async () => {
      const outside = await OutsidePackage.copyOf(EXAMPLE);
      expect(await outside.lint()).toBe('');
      expect(await outside.run('npm', 'test')).toMatchObject({ code: 0, output: expect.stringMatching(/ fail 0\n/) });
    },
    PATIENCE,
  );
});
