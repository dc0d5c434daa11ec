import { describe, expect, it } from 'vitest';
import { isStorable, lengthOf } from './text.js';

describe('isStorable', () => {
  it.each(['', 'grüße', '👩‍👩‍👧', '\u{10FFFF}', '\n\t'])('lets %j pass', (text) => expect(isStorable(text)).toBe(true));

  it.each(['a\0b', '\uD83D', '\uDE00\uD83D'])('refuses %j', (text) => expect(isStorable(text)).toBe(false));
});

describe('lengthOf', () => {
  it.each(['', 'a', 'grüße', '😀', '😀a😀', '\u{10FFFF}b'])('counts the characters of %j', (text) => {
    expect(lengthOf(text)).toBe(Array.from(text).length);
  });
});
