import ipaddr from 'ipaddr.js';
import ms, { type StringValue } from 'ms';
import type { Parser } from './env.js';

/** Any text. */
export const text: Parser<string> = (value) => value;

/** A whole number from `least` to `most`. */
export const integer =
  (least: number, most = Number.MAX_SAFE_INTEGER): Parser<number> =>
  (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new Error(`must be a whole number from ${least} to ${most}, not "${value}"`);
    }
    return number;
  };

/** `true` or `false`. */
export const boolean: Parser<boolean> = (value) => oneOf('true', 'false')(value) === 'true';

/** `on` or `off`. */
export const onOff: Parser<boolean> = (value) => oneOf('on', 'off')(value) === 'on';

/** One of the given words. */
export const oneOf =
  <const Word extends string>(...words: readonly Word[]): Parser<Word> =>
  (value) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new Error(`must be ${words.join(' or ')}, not "${value}"`);
    return word;
  };

/** A time such as `25s`, `15m` or `30d`, in milliseconds; never nothing, and short enough for a timer's arithmetic. */
export const duration: Parser<number> = (value) => {
  const milliseconds = /^\d+(\.\d+)?\s*[a-z]+$/i.test(value) ? ms(value as StringValue) : undefined;
  if (!milliseconds || milliseconds < 0) throw new Error(`must be a time such as 25s, 15m or 30d, not "${value}"`);
  return milliseconds;
};

/** As `duration`, at most what a timer can wait (24 days). */
export const timerDuration: Parser<number> = (value) => {
  const milliseconds = duration(value);
  if (milliseconds > 2 ** 31 - 1) throw new Error(`must be at most 24d, not "${value}"`);
  return milliseconds;
};

/** Values between commas; spaces around them do not count. */
export const list =
  <T>(parse: Parser<T>): Parser<T[]> =>
  (value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(parse);

/** A network in CIDR form, or one address. */
export type Network = ReturnType<typeof ipaddr.parseCIDR>;

export const network: Parser<Network> = (value) => {
  try {
    const address = value.includes('/') ? undefined : ipaddr.parse(value);
    return address ? [address, address.kind() === 'ipv4' ? 32 : 128] : ipaddr.parseCIDR(value);
  } catch {
    throw new Error(`must be addresses or networks such as 10.0.0.0/8, not "${value}"`);
  }
};

/** An origin as browsers send it: scheme, host and, unless it is the scheme's own, port. */
export const origin: Parser<string> = (value) => {
  if (!URL.canParse(value) || new URL(value).origin !== value) {
    throw new Error(`must be origins such as https://chat.example.com, not "${value}"`);
  }
  return value;
};

/** The address of a PostgreSQL database. */
export const postgresUrl: Parser<string> = (value) => {
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) {
    throw new Error('must be the address of a PostgreSQL database, postgres://…');
  }
  return value;
};

/** The address of a Redis server. */
export const redisUrl: Parser<string> = (value) => {
  if (!/^rediss?:\/\//.test(value) || !URL.canParse(value)) {
    throw new Error('must be the address of a Redis server, redis://… or rediss://…');
  }
  return value;
};
