// What stands in a recording for what is another's, or another each time: `<user 1>`, `<user 1 email>`, `<id 3>`, …

/** What a user is known by. */
export type UserFacet = 'number' | 'email' | 'username' | 'full_name' | 'picture';
export type ConversationFacet = 'number' | 'slug';

/** Of what kind the value is that a placeholder stands for. */
export type Kind =
  'user' | 'conversation' | 'pet' | 'session' | 'id' | 'number' | 'time' | 'ms' | 'text' | 'email' | 'slug' | 'token';

export interface Placeholder {
  /** As it is written, without what says that a number is written as text. */
  readonly name: string;
  readonly kind: Kind;
  readonly index: number;
  readonly facet?: UserFacet | ConversationFacet | undefined;
  /** Characters of a text. */
  readonly length?: number | undefined;
  /** A number that is written as text. */
  readonly asText: boolean;
}

const FORM =
  /<(?:(user|conversation) (\d+)(?: (number|email|username|full_name|picture|slug))?|(pet|session|id|number|time|ms|email|slug|token) (\d+)|(text) (\d+) of (\d+))( as text)?>/g;

export const user = (index: number, facet?: UserFacet): string => `<user ${index}${facet ? ` ${facet}` : ''}>`;
export const conversation = (index: number, facet?: ConversationFacet): string =>
  `<conversation ${index}${facet ? ` ${facet}` : ''}>`;
export const other = (kind: Exclude<Kind, 'user' | 'conversation' | 'text'>, index: number): string =>
  `<${kind} ${index}>`;
export const text = (index: number, length: number): string => `<text ${index} of ${length}>`;

/** The same, standing for a number that is written as text. */
export const asText = (name: string): string => name.replace(/>$/, ' as text>');

/** A string in pieces: what stands as it is, and the placeholders in between. */
export function pieces(string: string): readonly (string | Placeholder)[] {
  const found: (string | Placeholder)[] = [];
  let end = 0;
  for (const match of string.matchAll(FORM)) {
    if (match.index > end) found.push(string.slice(end, match.index));
    found.push(toPlaceholder(match));
    end = match.index + match[0].length;
  }
  if (end < string.length) found.push(string.slice(end));
  return found;
}

/** Whether something that was said looks like one. */
export function hasPlaceholder(string: string): boolean {
  return pieces(string).some((piece) => typeof piece !== 'string');
}

function toPlaceholder([
  all,
  named,
  namedIndex,
  facet,
  plain,
  plainIndex,
  ,
  textIndex,
  length,
  suffix,
]: RegExpExecArray): Placeholder {
  const asText = suffix !== undefined;
  const name = asText ? all.replace(suffix, '') : all;
  if (named) return { name, kind: named as Kind, index: Number(namedIndex), facet: facet as UserFacet, asText };
  if (plain) return { name, kind: plain as Kind, index: Number(plainIndex), asText };
  return { name, kind: 'text', index: Number(textIndex), length: Number(length), asText };
}
