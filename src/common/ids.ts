import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NUMBER = /^[1-9]\d{0,9}$/;
const LARGEST_NUMBER = 2 ** 31 - 1; // PostgreSQL's integer

/** Random bytes that `v7` wants for an id. */
const RANDOM_LENGTH = 16;
/** Random bytes for many ids: to ask for those of one costs ten times as much as all else of it. */
const randomness = new Uint8Array(256 * RANDOM_LENGTH);
let used = randomness.length;
let newest = 0;
/** Counts ids (RFC 9562, 6.2), so that those of one millisecond sort as they were made. */
let count = 0;

/** A new id: uuid v7, so that ids sort by their time and indexes grow at one end. */
export function newId(): string {
  if (used === randomness.length) {
    randomFillSync(randomness);
    used = 0;
  }
  const random = randomness.subarray(used, (used += RANDOM_LENGTH));
  newest = Math.max(newest, Date.now()); // also when the clock is set back
  count = (count + 1) >>> 0;
  return v7({ random, msecs: newest, seq: count });
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** The number that a client means by 42 or "42", or nothing when it cannot be one of ours. */
export function toNumber(value: string | number): number | undefined {
  const number = NUMBER.test(String(value)) ? Number(value) : undefined;
  return number !== undefined && number <= LARGEST_NUMBER ? number : undefined;
}
