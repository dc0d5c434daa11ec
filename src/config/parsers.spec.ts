import { describe, expect, it } from 'vitest';
import { duration, integer, list, network, origin, text } from './parsers.js';

describe('duration', () => {
  it.each([
    ['250ms', 250],
    ['25s', 25_000],
    ['1.5h', 5_400_000],
    ['30 d', 2_592_000_000],
  ])('reads %s', (value, milliseconds) => expect(duration(value)).toBe(milliseconds));

  it.each(['', '25', '-1s', 's', '1 fortnight', '1s 2s'])('refuses "%s"', (value) => {
    expect(() => duration(value)).toThrow('must be a time');
  });
});

describe('integer', () => {
  it.each(['', ' 1', '1.0', '1e2', '0x10', '-1', '11'])('refuses "%s"', (value) => {
    expect(() => integer(0, 10)(value)).toThrow('must be a whole number from 0 to 10');
  });
});

describe('list', () => {
  it('passes over spaces and empty parts', () => expect(list(text)(' a, b ,,c,')).toEqual(['a', 'b', 'c']));
});

describe('network', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0', 8],
    ['192.0.2.7', '192.0.2.7', 32],
    ['2001:db8::/32', '2001:db8::', 32],
    ['::1', '::1', 128],
  ])('reads %s', (value, address, bits) => {
    const [base, length] = network(value);
    expect([base.toString(), length]).toEqual([address, bits]);
  });

  it.each(['10.0.0.0/33', 'localhost', '10.0.0.0/'])('refuses "%s"', (value) => {
    expect(() => network(value)).toThrow('must be addresses or networks');
  });
});

describe('origin', () => {
  it.each(['https://chat.example.com:443', 'https://chat.example.com/', '*', 'null'])('refuses "%s"', (value) => {
    expect(() => origin(value)).toThrow('must be origins');
  });
});
