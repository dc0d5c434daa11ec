import { randomBytes, randomUUID } from 'node:crypto';
import { type Kind, pieces, type Placeholder } from '../record/placeholders.js';
import type { Json } from '../record/recording.js';

/** Where what was said differs from what was recorded. */
export interface Difference {
  /** As in `data.sender.id`; empty for the whole. */
  readonly path: string;
  readonly recorded: Json | undefined;
  readonly now: Json | undefined;
}

type Value = string | number;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const LARGEST_INTEGER = 2 ** 31 - 1;
const EARLIEST = Date.parse('2000-01-01T00:00:00Z');
const IDS: ReadonlySet<Kind> = new Set(['user', 'conversation', 'pet', 'session', 'id']);

/** What each placeholder of a recording stands for where it is played: what the setup made, and what the server said first. */
export class Bindings {
  private values = new Map<string, Value>();
  private readonly run = randomBytes(4).toString('hex');

  bind(name: string, value: Value): void {
    this.values.set(name, value);
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** What a client says: where a placeholder stands for nothing yet, something of its kind is made up. */
  fillIn(template: Json): Json {
    if (typeof template === 'string') return this.fillText(template);
    if (typeof template !== 'object' || template === null) return template;
    if (Array.isArray(template)) return (template as readonly Json[]).map((item) => this.fillIn(item));
    return Object.fromEntries(Object.entries(template).map(([key, item]) => [this.fillText(key), this.fillIn(item)]));
  }

  /** Compares what a server says. Where all is as recorded, new placeholders stand for what it said from then on. */
  match(template: Json, now: Json): Difference[] {
    const before = new Map(this.values);
    const differences: Difference[] = [];
    this.compare(template, now, '', differences);
    if (differences.length > 0) this.values = before;
    return differences;
  }

  /** As {@link match}, but nothing is bound. */
  wouldMatch(template: Json, now: Json): boolean {
    const before = new Map(this.values);
    const isMatch = this.match(template, now).length === 0;
    this.values = before;
    return isMatch;
  }

  /** A template with what is known put in, to be shown. */
  show(template: Json): Json {
    if (typeof template === 'string') return this.showText(template);
    if (typeof template !== 'object' || template === null) return template;
    if (Array.isArray(template)) return (template as readonly Json[]).map((item) => this.show(item));
    return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, this.show(item)]));
  }

  private showText(template: string): Value {
    const parts = pieces(template).map((piece) =>
      typeof piece === 'string' ? piece : (this.valueOf(piece) ?? piece.name),
    );
    return parts.length === 1 ? parts[0]! : parts.join('');
  }

  private compare(template: Json | undefined, now: Json | undefined, path: string, differences: Difference[]): void {
    if (typeof template === 'string' && now !== undefined) {
      if (!this.matchText(template, now)) differences.push({ path, recorded: this.show(template), now });
    } else if (isObject(template) && isObject(now) && Array.isArray(template) === Array.isArray(now)) {
      const filled = new Map(Object.entries(template).map(([key, item]) => [String(this.showText(key)), item]));
      for (const key of new Set([...filled.keys(), ...Object.keys(now)])) {
        const inner = (now as Record<string, Json>)[key];
        this.compare(filled.get(key), inner, path ? `${path}.${key}` : key, differences);
      }
    } else if (template !== now) {
      differences.push({ path, recorded: template === undefined ? undefined : this.show(template), now });
    }
  }

  private matchText(template: string, now: Json): boolean {
    const parts = pieces(template);
    const [first] = parts;
    if (parts.length === 1 && typeof first === 'object') return this.matchPlaceholder(first, now);
    if (parts.every((part) => typeof part === 'string')) return template === now;
    if (typeof now !== 'string') return false;
    const open: Placeholder[] = [];
    const pattern = parts.map((part) => {
      const value = typeof part === 'string' ? part : this.valueOf(part);
      if (value !== undefined) return escape(String(value));
      open.push(part as Placeholder);
      return '(.+?)';
    });
    const found = new RegExp(`^${pattern.join('')}$`, 's').exec(now);
    return (
      found !== null &&
      open.every((part, index) => this.matchPlaceholder({ ...part, asText: false }, found[index + 1]!))
    );
  }

  private matchPlaceholder(placeholder: Placeholder, now: Json): boolean {
    const { name, kind, facet } = placeholder;
    const value = this.valueOf(placeholder);
    if (value !== undefined) return value === now;
    const isNumber = kind === 'number' || kind === 'ms' || facet === 'number';
    const said = isNumber && placeholder.asText && typeof now === 'string' ? Number(now) : now;
    if (!isOf(placeholder, said)) return false;
    // No two things are the same one; but one may be of the setup, of which the recorder did not know this name.
    if (kind === 'id' && [...this.values].some(([other, taken]) => taken === said && other.startsWith('<id ')))
      return false;
    this.values.set(name, said as Value);
    return true;
  }

  /** A text as a client says it; a number, where that is what stands in its place. */
  fillText(template: string): Value {
    const parts = pieces(template).map((part) => {
      if (typeof part === 'string') return part;
      if (!this.values.has(part.name)) this.values.set(part.name, this.invent(part));
      return this.valueOf(part)!;
    });
    return parts.length === 1 ? parts[0]! : parts.join('');
  }

  private valueOf({ name, asText }: Placeholder): Value | undefined {
    const value = this.values.get(name);
    return asText && value !== undefined ? String(value) : value;
  }

  private invent({ kind, index, facet, length = 0 }: Placeholder): Value {
    if (kind === 'number' || facet === 'number') return LARGEST_INTEGER - index;
    if (kind === 'ms') return Date.now();
    if (kind === 'time') return new Date().toISOString();
    if (kind === 'text') return `text-${index}-`.padEnd(length, '.').slice(0, length);
    if (kind === 'email' || facet === 'email') return `someone-${index}-${this.run}@replay.example`;
    if (kind === 'slug' || facet === 'slug') return `replay-${this.run}-${index}`;
    return kind === 'token' ? `token-${index}` : randomUUID();
  }
}

/** Whether a value has the form of what a placeholder stands for. */
function isOf({ kind, facet }: Placeholder, value: Json): boolean {
  if (kind === 'number' || facet === 'number') return Number.isSafeInteger(value) && (value as number) > 0;
  if (kind === 'ms') return Number.isSafeInteger(value) && (value as number) > EARLIEST;
  if (typeof value !== 'string') return false;
  if (kind === 'time') return ISO_TIME.test(value);
  return IDS.has(kind) && !facet ? UUID.test(value) : true;
}

function isObject(value: Json | undefined): value is object & Json {
  return typeof value === 'object' && value !== null;
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
