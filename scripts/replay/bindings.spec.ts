import { describe, expect, it } from 'vitest';
import { Bindings } from './bindings.js';

const ID = '0198c5a0-7b1e-7000-8000-0000000000d1';
const OTHER = '0198c5a0-7b1e-7000-8000-0000000000d2';
const TIME = '2026-11-21T10:00:00.000Z';

describe('A placeholder', () => {
  it('stands for what the server first said in its place', () => {
    const bindings = new Bindings();
    expect(bindings.match({ id: '<id 1>', at: '<time 1>' }, { id: ID, at: TIME })).toEqual([]);
    expect(bindings.fillIn({ message: '<id 1>' })).toEqual({ message: ID });
    expect(bindings.match({ id: '<id 1>' }, { id: OTHER })).toEqual([{ path: 'id', recorded: ID, now: OTHER }]);
  });

  it.each([
    ['<id 1>', 'nonsense'],
    ['<id 1>', 7],
    ['<time 1>', 'yesterday'],
    ['<ms 1>', 12],
    ['<ms 1>', TIME],
    ['<number 1>', '7'],
    ['<text 1 of 3>', null],
  ])('%s does not stand for %j', (placeholder, now) => {
    expect(new Bindings().match(placeholder, now)).toHaveLength(1);
  });

  it('binds nothing where anything differs', () => {
    const bindings = new Bindings();
    bindings.match({ id: '<id 1>', kind: 'direct' }, { id: ID, kind: 'group' });
    expect(bindings.match({ id: '<id 1>' }, { id: OTHER })).toEqual([]);
  });

  it('does not stand for the same thing as another one', () => {
    expect(new Bindings().match(['<id 1>', '<id 2>'], [ID, ID])).toHaveLength(1);
  });

  it('is found within a text', () => {
    const bindings = new Bindings();
    bindings.bind('<user 1 email>', 'a.b@example.com');
    expect(bindings.match('<user 1 email> has left <id 4>.', `a.b@example.com has left ${ID}.`)).toEqual([]);
    expect(bindings.fillIn('/messages/<id 4>')).toBe(`/messages/${ID}`);
    expect(bindings.match('<user 1 email> has left', 'aXb@example.com has left')).toHaveLength(1);
  });

  it('is made up where a client is the first to say it: a text has its length, a number is one', () => {
    const bindings = new Bindings();
    const said = bindings.fillIn({
      content: '<text 1 of 12>',
      id: '<id 1>',
      number: '<number 1>',
      as: '<number 1 as text>',
    });
    expect(said).toEqual({
      content: expect.stringMatching(/^.{12}$/),
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      number: expect.any(Number),
      as: expect.stringMatching(/^\d+$/),
    });
    expect(bindings.match({ content: '<text 1 of 12>' }, { content: (said as { content: string }).content })).toEqual(
      [],
    );
  });
});

describe('A comparison', () => {
  it('names each field that is not there, is new, or is another', () => {
    const differences = new Bindings().match(
      { event: 'x', data: { gone: 1, list: [1, 2] } },
      { event: 'y', data: { list: [1], more: null } },
    );
    expect(differences).toEqual([
      { path: 'event', recorded: 'x', now: 'y' },
      { path: 'data.gone', recorded: 1, now: undefined },
      { path: 'data.list.1', recorded: 2, now: undefined },
      { path: 'data.more', recorded: undefined, now: null },
    ]);
  });

  it('does not take a list for an object, or nothing for null', () => {
    expect(new Bindings().match([], {})).toHaveLength(1);
    expect(new Bindings().match({ a: null }, {})).toHaveLength(1);
  });
});
