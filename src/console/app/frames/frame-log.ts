import { signal } from '@preact/signals';
import type { Frame } from '../dialects/dialect.js';

const MOST = 500;
/** Milliseconds for which frames are gathered before they are shown: a burst is drawn once. */
const GATHER = 16;

export type Direction = 'in' | 'out' | 'note';

/** A frame that was sent or heard, or a note of what happened to the connection. */
export interface Entry {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly direction: Direction;
  /** What the dialect's document calls it. */
  readonly name: string;
  readonly text: string;
  readonly frame?: Frame;
  /** Bytes. */
  readonly size: number;
}

const UTF8 = new TextEncoder();
let entries = 0;

/** The frames of a connection, newest last; the oldest go when there are more than 500. */
export class FrameLog {
  readonly entries = signal<readonly Entry[]>([]);
  /** Frames since the page was opened, shown or not. */
  readonly counts = { in: 0, out: 0 };
  #gathered: Entry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  frame(direction: 'in' | 'out', name: string, text: string, frame?: Frame): Entry {
    this.counts[direction]++;
    return this.#add({ direction, name, text, frame, size: UTF8.encode(text).length });
  }

  note(text: string): void {
    this.#add({ direction: 'note', name: '', text, size: 0 });
  }

  clear(): void {
    this.#gathered = [];
    this.entries.value = [];
  }

  #add(given: Omit<Entry, 'id' | 'at'>): Entry {
    const entry = { id: ++entries, at: Date.now(), ...given };
    this.#gathered.push(entry);
    if (this.#gathered.length > MOST) this.#gathered.shift();
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#show(), GATHER);
    return entry;
  }

  #show(): void {
    this.#timer = undefined;
    this.entries.value = [...this.entries.value, ...this.#gathered].slice(-MOST);
    this.#gathered = [];
  }
}
