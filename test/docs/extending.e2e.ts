import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectGenerated } from '../support/generated.js';

describe.each(['docs/extending.md', 'docs/testing.md'])('%s', (page) => {
  const marks = [...readFileSync(page, 'utf8').matchAll(/^<!-- (examples\S+) -->$/gm)].map(([, path]) => path!);

  it('shows files', () => {
    expect(marks).not.toHaveLength(0);
  });

  it.each(marks)('shows %s as it is', async (path) => {
    await expectGenerated(page, path, `\`\`\`ts\n${readFileSync(path, 'utf8').trim()}\n\`\`\``);
  });
});
