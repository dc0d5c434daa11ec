import { isUuid, toNumber } from '../common/ids.js';
import type { ConversationName } from '../realtime/ports.js';

export const SLUG = /^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Whether a channel may have that slug: 1 to 64 characters that cannot be taken for a number or a uuid. */
export function isSlug(text: string): boolean {
  return SLUG.test(text) && !isUuid(text);
}

/** The one way to write a name, whichever way the client did; nothing when no conversation can have it. */
export function canonicalName(name: ConversationName): ConversationName | undefined {
  if (isUuid(name)) return name.toLowerCase();
  return toNumber(name) ?? (typeof name === 'string' && isSlug(name) ? name : undefined);
}
