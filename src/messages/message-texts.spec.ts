import { describe, expect, it } from 'vitest';
import { clientMessageIdOf, contentOf, messageTypeOf } from './message-texts.js';

describe('contentOf', () => {
  it('takes off the white space around it and counts characters as people do', () => {
    expect(contentOf(' a\n b ', 4)).toBe('a\n b');
    expect(contentOf('😀😀', 2)).toBe('😀😀');
  });

  it.each(['', ' \n', 'abc', '😀😀😀', 'a\0', '\ud83d', '\ude00a'])(
    'refuses %j where two characters are allowed',
    (text) => {
      expect(() => contentOf(text, 2)).toThrow('content must be text of 1 to 2 characters after trimming');
    },
  );
});

describe('messageTypeOf', () => {
  it.each([
    [undefined, 'text'],
    [null, 'text'],
    ['image.x', 'image.x'],
    ['A_b-9', 'A_b-9'],
  ])('of %j is %j', (given, type) => {
    expect(messageTypeOf(given)).toBe(type);
  });

  it.each(['', 'a b', 'a/b', 'ä', 'a\n', 'x'.repeat(33)])('refuses %j', (type) => {
    expect(() => messageTypeOf(type)).toThrow('message_type must be');
  });
});

describe('clientMessageIdOf', () => {
  it('is nothing unless it is given', () => {
    expect(clientMessageIdOf(undefined)).toBeNull();
    expect(clientMessageIdOf(null)).toBeNull();
    expect(clientMessageIdOf('😀'.repeat(64))).toBe('😀'.repeat(64));
  });

  it.each(['', 'x'.repeat(65), '\0', '\ud800'])('refuses %j', (id) => {
    expect(() => clientMessageIdOf(id)).toThrow('client_message_id must be text of 1 to 64 characters');
  });
});
