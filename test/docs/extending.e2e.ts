import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectGenerated } from '../support/generated.js';

const PAGE = 'docs/extending.md';
const marks = [...readFileSync(PAGE, 'utf8').matchAll(/^<!-- (examples\S+) -->$/gm)].map(([, path]) => path!);

describe('docs/extending.md', () => {
  it('shows files', () => {
    expect(marks.length).toBeGreaterThan(5);
  });

  it.each(marks)('shows %s as it is', async (path) => {
    await expectGenerated(PAGE, path, `\`\`\`ts\n${readFileSync(path, 'utf8').trim()}\n\`\`\``);
  });
});
