import { signal } from '@preact/signals';
import type { Message } from '../api/types.js';
import type { Name } from '../dialects/dialect.js';
import type { Entry } from '../frames/frame-log.js';

/** Of how many messages it is kept. */
const MOST = 500;

/** By which frames each message was heard. */
export class Marks {
  readonly #entries = signal<ReadonlyMap<string, readonly Entry[]>>(new Map());

  /** @param id what the dialect calls the message: its uuid, or its number */
  add(id: Name, entry: Entry): void {
    const key = String(id);
    const entries = [...(this.#entries.value.get(key) ?? []), entry];
    this.#entries.value = new Map([...this.#entries.value, [key, entries] as const].slice(-MOST));
  }

  /** In the order in which they came. */
  of({ id, number }: Message): readonly Entry[] {
    return this.#entries.value.get(id) ?? this.#entries.value.get(String(number)) ?? [];
  }

  clear(): void {
    this.#entries.value = new Map();
  }
}
