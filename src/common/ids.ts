import { v7 } from 'uuid';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NUMBER = /^[1-9]\d{0,9}$/;
const LARGEST_NUMBER = 2 ** 31 - 1; // PostgreSQL's integer

/** A new id: uuid v7, so that ids sort by their time and indexes grow at one end. */
export function newId(): string {
  return v7();
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** The number that a client means by 42 or "42", or nothing when it cannot be one of ours. */
export function toNumber(value: string | number): number | undefined {
  const number = NUMBER.test(String(value)) ? Number(value) : undefined;
  return number !== undefined && number <= LARGEST_NUMBER ? number : undefined;
}
