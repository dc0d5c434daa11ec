import type { Acquaintances } from './acquaintances.js';
import { asText, hasPlaceholder, other, text } from './placeholders.js';
import type { Json, Side } from './recording.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;
/** Ours of nobody: the sender of what the server tells in `pets`. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Keys whose texts are words of a protocol, not of a person; and what such a word looks like. */
const WORD_KEYS = new Set(
  'event type status channel reason kind role message_type dashboard_access ext dialect'.split(' '),
);
const WORD = /^[a-z][A-Za-z]{0,24}\d{0,2}([._:,-][a-z][A-Za-z]{0,24}\d{0,2}){0,4}$/;
/** Keys under which a server says, in its own words, what it thinks of a frame. */
const SERVER_KEYS = new Set(['message', 'error']);
/** Keys whose texts are someone's name, picture or address: they go even where texts are kept. */
const PERSONAL_KEYS = new Set(
  'username full_name display_name user_name email user_email profile_image_url profile_url'.split(' '),
);
const CONVERSATION_KEYS = new Set(['conversation_id', 'conversationId', 'channel_id']);
const USER_KEYS = new Set(['user_id', 'userId', 'sender_id', 'receiver_id', 'toUserId', 'participant_ids', 'user_ids']);
const ID_KEY = /(^|_)ids?$|Ids?$|^number$/;
/** Segments of our own addresses. */
const PATH_WORDS = new Set(
  (
    'api v1 ws dashboard stats auth logout users me conversations channels messages participants read pets sessions ' +
    'check-ins notifications read-all'
  ).split(' '),
);
/** Integers that may be epoch milliseconds: of this century, and some of the next. */
const [EARLIEST, LATEST] = [946_684_800_000, 4_102_444_800_000];
/** Greater numbers that are neither counters nor pages may be someone's. */
const LARGEST_PLAIN = 999_999;

/** What within a text is not to be kept, whatever is around it. */
const PATTERNS: readonly [pattern: RegExp, kind: 'token' | 'email' | 'id' | 'time'][] = [
  [/\bbearer[. ]+[^\s",]+/gi, 'token'],
  [/\beyJ[\w-]*\.[\w-]*(\.[\w-]*)?/g, 'token'],
  [/[^\s"'<>@%/?&=:;,()]+(@|%(25)*40)[^\s"'<>@%/?&=:;,()]+/gi, 'email'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, 'id'],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)/g, 'time'],
  [/\b(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])[\w+/-]{24,}={0,2}/gi, 'token'],
  [/\d[\d -]{5,}\d/g, 'token'],
];

/** What is around a value: it tells what the value is. */
interface Place {
  readonly from: Side;
  /** The nearest key. */
  readonly key: string;
  /** The keys beside it. */
  readonly beside: { readonly [key: string]: unknown };
}

/**
 * Takes out of what was said what is someone's, and puts placeholders there: the same one for the same value. What it does
 * not know to be harmless goes, so that no key and no place need be thought of.
 */
export class Redactor {
  private readonly given = new Map<string, string>();
  /** Texts for which a placeholder stands: they are not to appear within others. */
  private readonly texts: string[] = [];
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly acquaintances: Acquaintances,
    private readonly keepsTexts: boolean,
  ) {}

  /** A JSON value as a side has sent it. */
  json(value: unknown, from: Side, key = ''): Json {
    return this.value(value, { from, key, beside: {} });
  }

  /** An event of Socket.IO: its name and its arguments. */
  event([name, ...args]: readonly unknown[], from: Side): Json {
    const key = keyOfArguments(name);
    return [this.json(name ?? null, from, 'event'), ...args.map((arg) => this.json(arg, from, key))];
  }

  /** What is not JSON, or another protocol's. */
  plain(said: string): string {
    return this.text(said);
  }

  /** A path: the words that protocols give it stay. */
  path(path: string): string {
    return path
      .split('/')
      .map((segment, index, segments) => this.segment(decoded(segment), index, segments[index - 1] ?? ''))
      .join('/');
  }

  /** Whether something has come about in the recording: a server was the first to name it. */
  hasMet(name: string | number): boolean {
    const lower = String(name).toLowerCase();
    return [`id ${lower}`, `number conversation ${name}`, `slug ${name}`].some((key) => this.given.has(key));
  }

  /** The parameters of an address, but what shows who the client is. */
  query(query: URLSearchParams): Record<string, string> {
    const kept = [...query].filter(([key]) => !['token', 'access_token', 'EIO', 'transport', 'sid', 't'].includes(key));
    return Object.fromEntries(
      kept.map(([key, value]) => [this.key(key), this.string(value, { from: 'client', key, beside: {} })]),
    );
  }

  /** The subprotocols that a client offers, but the one that carries its token. */
  protocols(offered: readonly string[]): string[] {
    return offered
      .filter((protocol) => !protocol.startsWith('bearer.'))
      .map((protocol) => (/^parlance(\.[a-z]+)?$/.test(protocol) ? protocol : this.text(protocol)));
  }

  private value(value: unknown, place: Place): Json {
    if (typeof value === 'string') return this.string(value, place);
    if (typeof value === 'number') return this.number(value, place);
    if (Array.isArray(value)) return value.map((item) => this.value(item, place));
    if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
    const beside = value as Record<string, unknown>;
    const entries = Object.entries(beside).map(([key, item]) => [
      this.key(key),
      this.value(item, { from: place.from, key, beside }),
    ]);
    return Object.fromEntries(entries) as Json;
  }

  private string(value: string, place: Place): string {
    const { from, key, beside } = place;
    if (value.trim() === '' || value === NOBODY) return value;
    if (WORD_KEYS.has(key) && isWord(value) && !this.isSomeones(value)) return value;
    const name = this.acquaintances.nameOfText(value);
    if (name !== undefined) return name;
    if (UUID.test(value)) return this.placeholder('id', value.toLowerCase());
    if (ISO_TIME.test(value)) return this.time('time', value, place);
    if (CONVERSATION_KEYS.has(key) || USER_KEYS.has(key) || ID_KEY.test(key)) {
      if (/^[1-9]\d{0,15}$/.test(value)) return asText(this.numberName(Number(value), place));
    }
    if (key === 'slug') return this.placeholder('slug', value);
    const known = this.given.get(`slug ${value}`);
    if (known !== undefined && CONVERSATION_KEYS.has(key)) return known;
    if (from === 'server' && SERVER_KEYS.has(key) && !('title' in beside)) return this.scrub(this.unquoted(value));
    return PERSONAL_KEYS.has(key) ? this.replaced(value) : this.text(value);
  }

  private number(value: number, place: Place): Json {
    const { key } = place;
    if (Number.isInteger(value) && value >= EARLIEST && value <= LATEST) return this.time('ms', value, place);
    const names = CONVERSATION_KEYS.has(key) || USER_KEYS.has(key) || ID_KEY.test(key);
    if (names && Number.isSafeInteger(value) && value > 0) return this.numberName(value, place);
    return Math.abs(value) <= LARGEST_PLAIN ? value : this.placeholder('number', value, 'plain');
  }

  /** The integer by which a dialect names something. */
  private numberName(value: number, { key, beside }: Place): string {
    if (CONVERSATION_KEYS.has(key)) {
      return this.acquaintances.conversationOfNumber(value) ?? this.placeholder('number', value, 'conversation');
    }
    if (USER_KEYS.has(key)) return this.acquaintances.userOfNumber(value) ?? this.placeholder('number', value, 'user');
    if (key === 'number') return this.ownNumber(value, beside);
    return this.placeholder('number', value, 'title' in beside ? 'notification' : key === 'id' ? 'message' : key);
  }

  /** REST shows the number of what it shows, beside what tells what that is. */
  private ownNumber(value: number, beside: Place['beside']): string {
    const known =
      'username' in beside
        ? this.acquaintances.userOfNumber(value)
        : 'kind' in beside
          ? this.acquaintances.conversationOfNumber(value)
          : undefined;
    const space = 'username' in beside ? 'user' : 'kind' in beside ? 'conversation' : 'message';
    return (
      known ?? this.placeholder('number', value, 'title' in beside && space === 'message' ? 'notification' : space)
    );
  }

  /**
   * Two times are the same one when they are the same value under the same key of the same thing; as a coincidence, which
   * need not come again, they are not.
   */
  private time(kind: 'time' | 'ms', value: string | number, { key, beside: { id } }: Place): string {
    if (typeof id === 'string' || typeof id === 'number') return this.placeholder(kind, value, `${id} ${key}`);
    return other(kind, this.count('time'));
  }

  private text(value: string): string {
    return this.keepsTexts && !hasPlaceholder(value) ? this.scrub(value) : this.replaced(value);
  }

  private replaced(value: string): string {
    const known = this.given.get(`text ${value}`);
    if (known !== undefined) return known;
    const placeholder = text(this.count('text'), [...value].length);
    this.given.set(`text ${value}`, placeholder);
    if (value.length > 5 && /\W/.test(value)) this.texts.push(value); // a word alone may be one of the server's own
    return placeholder;
  }

  /** A server's words without what it repeats in quotation marks, unless that is a word of a protocol. */
  private unquoted(value: string): string {
    return value.replace(/"(.+)"/s, (all, quoted: string) => (isWord(quoted) ? all : `"${this.text(quoted)}"`));
  }

  /** Takes out of a text that is kept what is known to be someone's, or looks like it. */
  private scrub(value: string): string {
    let scrubbed = value;
    for (const secret of this.acquaintances.secrets()) {
      scrubbed = withoutWord(scrubbed, secret, () => this.acquaintances.nameOfText(secret)!);
    }
    for (const said of this.texts) scrubbed = withoutWord(scrubbed, said, () => this.given.get(`text ${said}`)!);
    for (const [pattern, kind] of PATTERNS) {
      scrubbed = outside(scrubbed, (part) =>
        part.replace(pattern, (found) => this.acquaintances.nameOfText(found) ?? this.placeholder(kind, found)),
      );
    }
    return scrubbed;
  }

  private key(key: string): string {
    const isHarmless = /^[A-Za-z_][\w.-]{0,40}$/.test(key) && !PATTERNS.some(([pattern]) => key.search(pattern) >= 0);
    return isHarmless ? key : this.text(key);
  }

  private segment(segment: string, index: number, before: string): string {
    if (segment === '' || (index === 1 && /^[a-z._-]{1,20}$/.test(segment)) || PATH_WORDS.has(segment)) return segment;
    const key =
      before === 'channels' || before === 'conversations'
        ? 'conversation_id'
        : before === 'participants'
          ? 'user_id'
          : 'id';
    return this.string(segment, { from: 'client', key, beside: {} });
  }

  private isSomeones(word: string): boolean {
    return this.acquaintances.nameOfText(word) !== undefined;
  }

  /** The same one for the same value; `space` tells apart what has the same number. */
  private placeholder(kind: Parameters<typeof other>[0], value: string | number, space = ''): string {
    const key = `${kind} ${space && `${space} `}${value}`;
    let placeholder = this.given.get(key);
    if (placeholder === undefined) {
      placeholder = other(kind, this.count(kind === 'ms' ? 'time' : kind));
      this.given.set(key, placeholder);
    }
    return placeholder;
  }

  private count(kind: string): number {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return count;
  }
}

function isWord(value: string): boolean {
  return WORD.test(value) && !PATTERNS.some(([pattern]) => value.search(pattern) >= 0);
}

/** What an argument of an event is that is not an object: to join and to leave take an id alone. */
export function keyOfArguments(event: unknown): string {
  return typeof event === 'string' && event.endsWith('_conversation') ? 'conversationId' : '';
}

/** Puts something else where a text stands by itself, outside of placeholders. */
function withoutWord(value: string, word: string, instead: () => string): string {
  if (!value.includes(word)) return value;
  const alone = new RegExp(`(?<!\\w)${word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?!\\w)`, 'g');
  return outside(value, (part) => part.replace(alone, instead));
}

/** Changes what is not a placeholder. */
function outside(value: string, change: (part: string) => string): string {
  return value
    .split(/(<[a-z]+ \d+[^<>]*>)/)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('');
}

/** A part of a path as it was meant; as it is, where that cannot be told. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
