import { effect, signal, untracked } from '@preact/signals';
import type { Accounts } from '../accounts/accounts.js';
import type { Session } from '../accounts/session.js';
import type { Conversation, Page } from '../api/types.js';

/** Milliseconds between two readings of the lists: at least, when there is news, and at most. */
const SOON = 1_000;
const EVERY = 15_000;
const PAGE = 50;

/** A list that is read page by page. */
interface Shelf {
  readonly items: readonly Conversation[];
  readonly next: string | null;
}

const EMPTY: Shelf = { items: [], next: null };

/** The conversations that the current user takes part in, the last active first, and the open channels. */
export class Directory {
  readonly yours = signal<Shelf>(EMPTY);
  readonly channels = signal<Shelf>(EMPTY);
  readonly error = signal('');
  #session: Session | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDueSoon = false;

  constructor(accounts: Accounts) {
    effect(() => {
      this.#session = accounts.current.value;
      untracked(() => {
        this.yours.value = this.channels.value = EMPTY;
        void this.refresh();
      });
    });
    document.addEventListener('visibilitychange', () => void this.refresh());
  }

  /** To be called when something may have changed: read soon, once. */
  touch(): void {
    if (this.#isDueSoon) return;
    this.#isDueSoon = true;
    this.#schedule(SOON);
  }

  /** Reads as much of the lists as is shown. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isDueSoon = false;
    const session = this.#session;
    if (!session || document.hidden) return;
    try {
      const [yours, channels] = await Promise.all([
        read(session, '/conversations', this.yours.value.items.length),
        read(session, '/channels', this.channels.value.items.length),
      ]);
      if (session !== this.#session) return;
      this.yours.value = yours;
      this.channels.value = channels;
      this.error.value = '';
    } catch (error) {
      if (session === this.#session) this.error.value = (error as Error).message;
    }
    this.#schedule(this.#isDueSoon ? SOON : EVERY);
  }

  /** @throws ApiError */
  async more(list: 'yours' | 'channels'): Promise<void> {
    const session = this.#session;
    const { items, next } = this[list].value;
    if (!session || next === null) return;
    const path = list === 'yours' ? '/conversations' : '/channels';
    const page = await readPage(session, path, next);
    if (session === this.#session) this[list].value = { items: [...items, ...page.items], next: page.next };
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), wait);
  }
}

/** At least as many as are shown, so that the list does not shrink under the reader. */
async function read(session: Session, path: string, least: number): Promise<Shelf> {
  let shelf = await readPage(session, path);
  while (shelf.next !== null && shelf.items.length < least) {
    const page = await readPage(session, path, shelf.next);
    shelf = { items: [...shelf.items, ...page.items], next: page.next };
  }
  return shelf;
}

async function readPage(session: Session, path: string, cursor?: string): Promise<Shelf> {
  const query = `limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
  const { data, next_cursor } = await session.request<Page<Conversation>>('GET', `${path}?${query}`);
  return { items: data, next: next_cursor };
}
