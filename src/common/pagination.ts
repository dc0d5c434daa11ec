import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { invalid } from './errors.js';

const DEFAULT_LIMIT = 50;

/** A whole number in a query string, from `least` to `most`; anything else is refused, never bent into range. */
export function QueryInteger(least: number, most = Number.MAX_SAFE_INTEGER): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value,
    ),
    IsInt(),
    Min(least),
    Max(most),
  );
}

/** What every list takes: how many (1 to 100, default 50) and where the page before ended. */
export class PageQuery {
  @QueryInteger(1, 100)
  limit: number = DEFAULT_LIMIT;

  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}

/** What every list answers: `next_cursor` is null on the last page. */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** The page that `rows` makes, of which one more than `limit` was asked for, to learn whether there are more. */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => T,
  keyOf: (row: Row) => CursorKey,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(present),
    next_cursor: rows.length > limit && last ? encodeCursor(keyOf(last)) : null,
  };
}

/** The sort key of a list's row. */
export type CursorKey = readonly (string | number)[];

export function encodeCursor(key: CursorKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The key in a cursor, checked part by part. @throws invalid, when it is not one that this list gave. */
export function decodeCursor<const Parts extends readonly ((part: unknown) => boolean)[]>(
  cursor: string,
  ...parts: Parts
): { [Part in keyof Parts]: Parts[Part] extends (part: unknown) => part is infer T ? T : never } {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    key = undefined;
  }
  if (!Array.isArray(key) || key.length !== parts.length || !parts.every((check, index) => check(key[index]))) {
    throw invalid('cursor is not one that this list gave');
  }
  return key as never;
}

/** A part of a cursor that is a whole number within PostgreSQL's range. */
export const isWholeNumber = (part: unknown): part is number =>
  Number.isInteger(part) && Math.abs(part as number) <= 2 ** 31 - 1;

/** A part of a cursor that is a time as we write it: ISO 8601 in UTC, with milliseconds, of a day that there is. */
export const isTime = (part: unknown): part is string =>
  typeof part === 'string' &&
  /^[1-9]\d{3}-/.test(part) &&
  !Number.isNaN(Date.parse(part)) &&
  new Date(part).toISOString() === part;
