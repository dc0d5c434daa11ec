import { effect, signal } from '@preact/signals';
import type { Accounts } from '../accounts/accounts.js';
import { ApiError } from '../api/client.js';
import type { EventSession } from '../api/types.js';
import { Watch } from './watch.js';

const KEPT = 'parlance.event-sessions';

/** An event session as far as it is known: who is not its host knows its id only. */
export interface Known {
  readonly id: string;
  readonly title: string;
}

/** The event sessions that were begun or opened in this tab, and the one that is watched. There is no route that lists them. */
export class EventSessions {
  readonly known = signal<readonly Known[]>(JSON.parse(sessionStorage.getItem(KEPT) ?? '[]') as Known[]);
  readonly watched = signal<Watch | undefined>(undefined);

  constructor(private readonly accounts: Accounts) {
    effect(() => sessionStorage.setItem(KEPT, JSON.stringify(this.known.value)));
  }

  /** Begins a session, as the current user. @throws ApiError */
  async begin(title: string, access: EventSession['dashboard_access']): Promise<void> {
    const account = this.accounts.current.value;
    if (!account) throw new ApiError(401, 'Sign in first.');
    const session = await account.request<EventSession>('POST', '/sessions', { title, dashboard_access: access });
    this.#remember(session);
    this.watch(session.id);
  }

  /** Watches a session by its uuid; its title is its host's to know. */
  async open(id: string): Promise<void> {
    const title = await this.accounts.current.value
      ?.request<EventSession>('GET', `/sessions/${encodeURIComponent(id)}`)
      .then((session) => session.title)
      .catch(() => undefined);
    this.#remember({ id, title: title ?? id });
    this.watch(id);
  }

  watch(id: string): void {
    if (this.watched.value?.sessionId === id) return;
    this.watched.value?.close();
    this.watched.value = new Watch(id);
  }

  #remember({ id, title }: Known): void {
    this.known.value = [{ id, title }, ...this.known.value.filter((other) => other.id !== id)];
  }
}
