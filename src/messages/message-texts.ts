import { invalid } from '../common/errors.js';
import { isStorable, lengthOf } from '../common/text.js';

const DEFAULT_TYPE = 'text';
const TYPE = /^[a-z0-9_.-]{1,32}$/i;
const LONGEST_CLIENT_MESSAGE_ID = 64;

/** A message's content without the white space around it. @throws invalid, beyond `longest` characters or without any */
export function contentOf(content: string, longest: number): string {
  const text = content.trim();
  if (!isText(text, longest)) throw invalid(`content must be text of 1 to ${longest} characters after trimming`);
  return text;
}

/** What kind of message it is, `text` unless its sender says otherwise. @throws invalid */
export function messageTypeOf(type: string | null | undefined): string {
  if (type === null || type === undefined) return DEFAULT_TYPE;
  if (!TYPE.test(type)) throw invalid('message_type must be 1 to 32 letters, digits, "_", "." or "-"');
  return type;
}

/** Its sender's own name for it, if it has one. @throws invalid */
export function clientMessageIdOf(id: string | null | undefined): string | null {
  if (id === null || id === undefined) return null;
  if (!isText(id, LONGEST_CLIENT_MESSAGE_ID)) {
    throw invalid(`client_message_id must be text of 1 to ${LONGEST_CLIENT_MESSAGE_ID} characters`);
  }
  return id;
}

function isText(text: string, longest: number): boolean {
  return text !== '' && lengthOf(text) <= longest && isStorable(text);
}
