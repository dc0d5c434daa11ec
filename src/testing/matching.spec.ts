import { describe, expect, it } from 'vitest';
import { type Expected, matches, tellFrames } from './matching.js';

describe('a frame', () => {
  it.each<[frame: unknown, expected: Expected<unknown>]>([
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: { b: [1, { c: 2, d: 3 }] } }, { a: { b: [1, { c: 2 }] } }],
    [{ a: null }, { a: null }],
    [
      ['new_message', { id: 1, content: 'x' }],
      ['new_message', { content: 'x' }],
    ],
    ['OK general', 'OK general'],
    ['OK general', /^OK/],
    [{ a: 1 }, (frame: unknown) => (frame as { a: number }).a === 1],
  ])('%j is as expected', (frame, expected) => {
    expect(matches(frame, expected)).toBe(true);
  });

  it.each<[frame: unknown, expected: Expected<unknown>]>([
    [{ a: 1 }, { a: '1' }],
    [{ a: 1 }, { b: undefined, c: 1 }],
    [{ a: [1, 2] }, { a: [1] }],
    [{ a: null }, { a: {} }],
    ['OK general', 'OK'],
    [{ a: 1 }, /a/],
  ])('%j is not', (frame, expected) => {
    expect(matches(frame, expected)).toBe(false);
  });

  it('is shown, and of very many the last are', () => {
    expect(tellFrames([])).toBe('  nothing');
    expect(tellFrames([{ a: 1 }, { a: 2 }, { a: 3 }], 2)).toBe('  … and 1 before\n  { a: 2 }\n  { a: 3 }');
  });
});
