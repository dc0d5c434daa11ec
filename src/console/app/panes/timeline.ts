import { signal } from '@preact/signals';
import type { Session } from '../accounts/session.js';
import type { Message, Page } from '../api/types.js';
import type { Name } from '../dialects/dialect.js';

const PAGE = 30;
const MOST_READ = 100;
const MOST_SHOWN = 500;

/** What is read, and as whom. */
interface Source {
  readonly session: Session;
  readonly path: string;
}

/**
 * The messages of one conversation as REST tells them. What is heard on the socket says that there is something new; it is
 * then read from the server, so that a message looks the same in every dialect and none is missed.
 */
export class Timeline {
  /** By `seq`, the oldest first. */
  readonly messages = signal<readonly Message[]>([]);
  readonly hasOlder = signal(false);
  #source: Source | undefined;
  #hasRead = false;
  /** The reading before the next one, and the catching up that has yet to begin. */
  #turn: Promise<unknown> = Promise.resolve();
  #waiting: Promise<void> | undefined;

  /** Shows the newest messages of a conversation. @throws ApiError */
  open(session: Session, conversationId: string): Promise<void> {
    this.close();
    this.#source = { session, path: `/conversations/${conversationId}/messages` };
    return this.#inTurn(() => this.#readNewest());
  }

  close(): void {
    this.#source = undefined;
    this.#hasRead = false;
    this.messages.value = [];
    this.hasOlder.value = false;
  }

  /** Shows the newest messages anew: what was changed among them, too. @throws ApiError */
  refresh(): Promise<void> {
    return this.#inTurn(() => this.#readNewest());
  }

  /** Adds the page before the oldest message. @throws ApiError */
  older(): Promise<void> {
    return this.#inTurn(async () => {
      const oldest = this.messages.value[0];
      if (!oldest || !this.hasOlder.value) return;
      await this.#read(`limit=${PAGE}&before=${oldest.seq}`, (page) => {
        this.messages.value = [...page.toReversed(), ...this.messages.value];
        this.hasOlder.value = page.length === PAGE;
      });
    });
  }

  /** Adds what came after the newest message. Asked for many times at once, it is done once after that. @throws ApiError */
  catchUp(): Promise<void> {
    this.#waiting ??= this.#inTurn(async () => {
      this.#waiting = undefined;
      let more = this.#hasRead;
      while (more) {
        more = false;
        const newest = this.messages.value.at(-1)?.seq ?? 0;
        await this.#read(`limit=${MOST_READ}&after=${newest}`, (page) => {
          this.#append(page);
          more = page.length === MOST_READ;
        });
      }
    });
    return this.#waiting;
  }

  edit(id: Name, content: string): void {
    this.#change(id, { content, is_edited: true });
  }

  remove(id: Name): void {
    this.#change(id, { content: '', is_deleted: true });
  }

  /** The message of that uuid, or of that number. */
  find(id: Name): Message | undefined {
    return this.messages.value.find((message) => message.id === id || message.number === id);
  }

  #readNewest(): Promise<void> {
    return this.#read(`limit=${PAGE}`, (page) => {
      this.messages.value = page.toReversed();
      this.hasOlder.value = page.length === PAGE;
      this.#hasRead = true;
    });
  }

  #append(page: readonly Message[]): void {
    if (page.length === 0) return;
    const all = [...this.messages.value, ...page];
    if (all.length > MOST_SHOWN) this.hasOlder.value = true;
    this.messages.value = all.slice(-MOST_SHOWN);
  }

  #change(id: Name, change: Partial<Message>): void {
    this.messages.value = this.messages.value.map((message) =>
      message.id === id || message.number === id ? { ...message, ...change } : message,
    );
  }

  /** Runs a reading after those before it, which may have failed. */
  #inTurn(reading: () => Promise<void>): Promise<void> {
    const run = this.#turn.then(reading);
    this.#turn = run.catch(() => {});
    return run;
  }

  /** Reads messages, and shows them unless something else was opened meanwhile. */
  async #read(query: string, show: (page: readonly Message[]) => void): Promise<void> {
    const source = this.#source;
    if (!source) return;
    const { data } = await source.session.request<Page<Message>>('GET', `${source.path}?${query}`);
    if (source === this.#source) show(data);
  }
}
