import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/config/settings.js';
import { Environment } from '../../src/config/env.js';
import { CloseCode } from '../../src/realtime/close-codes.js';
import { OldWay } from '../../src/realtime/connection-usage.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const page = read('docs/operations.md');
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
  .map((path) => read(join('src', path)))
  .join('\n');
const everyMatch = (pattern: RegExp, text: string): string[] =>
  Array.from(text.matchAll(pattern), ([, name = '']) => name);

describe('docs/operations.md', () => {
  it.each(everyMatch(/alert: (\w+)/g, read('deploy/prometheus/parlance.rules.yaml')))(
    'says what to do for %s',
    (alert) => {
      expect(page).toContain(`| \`${alert}\``);
    },
  );

  it.each([
    ...Object.values(OldWay),
    ...everyMatch(/@OldRoute\('([\w-]+)'\)/g, sources),
    ...everyMatch(/\.usage\.note\('([\w-]+)'\)/g, sources),
  ])('says what to do instead of %s', (way) => {
    expect(page).toContain(`| \`${way}\``);
  });

  it.each(Object.values(CloseCode))('says why a connection closes with %i', (code) => {
    expect(page).toMatch(new RegExp(`^\\| ${code} `, 'm'));
  });

  it.each(everyMatch(/\baudit\(\w+, '([\w.]+)'/g, sources))('says what %s in the log means', (action) => {
    expect(page).toContain(`\`${action}\``);
  });

  it('names settings that there are', () => {
    const env = new Environment({ JWT_SECRET: 'x' });
    SETTINGS.forEach((Settings) => new Settings(env));
    const [, table = ''] = page.split('## Settings that matter here');
    const named = everyMatch(/^\| `([A-Z_]+)`/gm, table);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !env.known.has(name))).toEqual([]);
  });
});
