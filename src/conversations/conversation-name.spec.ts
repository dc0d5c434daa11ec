import { describe, expect, it } from 'vitest';
import { canonicalName, isSlug } from './conversation-name.js';

const UUID = '0192d3a4-5b6c-7d8e-9fa0-b1c2d3e4f506';

describe('isSlug', () => {
  it.each(['a', 'general', '2nd', 'A_b-c.9', 'x'.repeat(64)])('is so for %s', (text) => {
    expect(isSlug(text)).toBe(true);
  });

  it.each([
    '',
    '42',
    '4.2',
    '-a',
    '_a',
    '.a',
    'a b',
    'a/b',
    'ä',
    'a\n',
    '\0',
    'x'.repeat(65),
    UUID,
    UUID.toUpperCase(),
  ])('is not so for %j', (text) => {
    expect(isSlug(text)).toBe(false);
  });
});

describe('canonicalName', () => {
  it.each([
    [UUID.toUpperCase(), UUID],
    [7, 7],
    ['7', 7],
    ['2147483647', 2147483647],
    ['General', 'General'],
  ])('of %j is %j', (name, canonical) => {
    expect(canonicalName(name)).toBe(canonical);
  });

  it.each([0, -1, 1.5, NaN, 2 ** 31, '0', '007', '2147483648', '99999999999', '', ' ', 'a b', '\0', '\ud800'])(
    'does not exist for %j',
    (name) => {
      expect(canonicalName(name)).toBeUndefined();
    },
  );
});
