import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { expect } from 'vitest';

/**
 * Expects the part of a page that is made from the code, between its marks `<!-- name -->` and `<!-- /name -->`, to be what
 * the code makes now. With `UPDATE_DOCS=1` it is written instead.
 */
export async function expectGenerated(page: string, name: string, content: string): Promise<void> {
  const options = await resolveConfig(page);
  const made = (await format(content, { ...options, parser: 'markdown' })).trim();
  const [start, end] = [`<!-- ${name} -->\n\n`, `\n\n<!-- /${name} -->`];
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  expect(from >= 0 && to >= 0, `${page} has a part ${name}`).toBe(true);
  if (process.env.UPDATE_DOCS === '1') {
    writeFileSync(page, text.slice(0, from + start.length) + made + text.slice(to));
  } else {
    expect(text.slice(from + start.length, to), `${page}: run it again with UPDATE_DOCS=1`).toBe(made);
  }
}
