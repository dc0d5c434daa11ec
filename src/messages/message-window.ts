import { invalid } from '../common/errors.js';
import { decodeCursor, isWholeNumber } from '../common/pagination.js';
import type { MessagesQuery } from './messages.dto.js';

/** From where in a conversation to read, and whether backwards or forwards. */
export interface MessageWindow {
  readonly direction: 'before' | 'after';
  readonly seq: number;
}

const NEWEST: MessageWindow = { direction: 'before', seq: 2 ** 31 - 1 };

/** What a query asks for; a cursor goes on where its page ended. @throws invalid */
export function windowOf({ before, after, cursor }: MessagesQuery): MessageWindow {
  if (before !== undefined && after !== undefined) throw invalid('before and after exclude each other');
  if (cursor !== undefined) {
    const [direction, seq] = decodeCursor(cursor, isDirection, isWholeNumber);
    return { direction, seq };
  }
  if (after !== undefined) return { direction: 'after', seq: after };
  return before === undefined ? NEWEST : { direction: 'before', seq: before };
}

const isDirection = (part: unknown): part is MessageWindow['direction'] => part === 'before' || part === 'after';
