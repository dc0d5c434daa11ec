import { computed, signal } from '@preact/signals';
import { call } from '../api/client.js';
import type { Tokens, User } from '../api/types.js';
import { type Keeper, type Login, Session } from './session.js';

/** The dashboard's page in the same tab uses the login that is kept under the first; the second has the others. */
const CURRENT = 'parlance.session';
const OTHERS = 'parlance.sessions';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface Registration extends Credentials {
  readonly full_name?: string;
  readonly role?: string;
}

/**
 * The users who are signed in, several at once, kept for this tab only. One of them is current: whose lists are shown, and
 * who new panes speak as.
 */
export class Accounts implements Keeper {
  readonly #sessions = signal<readonly Session[]>([]);
  readonly #chosen = signal<Session | undefined>(undefined);
  /** Tabs that the browser made copies of this one have the same logins, whose refresh tokens are good for one of them. */
  readonly #copies = new BroadcastChannel(CURRENT);

  readonly all = computed(() => this.#sessions.value);
  readonly current = computed(() => {
    const sessions = this.#sessions.value;
    return sessions.find((session) => session === this.#chosen.value) ?? sessions[0];
  });

  constructor() {
    const current = read<Login | undefined>(CURRENT, undefined);
    // Who has signed in on the dashboard's page may be among the others as well.
    const others = read<Login[]>(OTHERS, []).filter(({ user }) => user.id !== current?.user.id);
    this.#sessions.value = [...(current ? [current] : []), ...others].map((login) => new Session(login, this));
    this.#copies.addEventListener('message', ({ data }: MessageEvent<{ spent: string; login: Login }>) => {
      this.all.value.find(({ login }) => login.refresh_token === data.spent)?.take(data.login);
      this.#store();
    });
  }

  async register(registration: Registration): Promise<void> {
    this.#add(await call('POST', '/auth/register', registration));
  }

  async signIn(credentials: Credentials): Promise<void> {
    this.#add(await call('POST', '/auth/login', credentials));
  }

  choose(session: Session): void {
    this.#chosen.value = session;
    this.#store();
  }

  byId(userId: string | undefined): Session | undefined {
    return this.all.value.find(({ user }) => user.id === userId);
  }

  renewed(session: Session, spent: string): void {
    this.#store();
    this.#copies.postMessage({ spent, login: session.login });
  }

  ended(session: Session): void {
    this.#sessions.value = this.#sessions.value.filter((other) => other !== session);
    this.#store();
  }

  /** Signing in as a user who is signed in already takes the place of the older login. */
  #add(answer: Tokens & { user: User }): void {
    const session = new Session(Session.begun(answer), this);
    const others = this.#sessions.value.filter(({ user }) => user.id !== session.user.id);
    this.#sessions.value = [...others, session];
    this.choose(session);
  }

  #store(): void {
    const current = this.current.value;
    const others = this.#sessions.value.filter((session) => session !== current).map(({ login }) => login);
    if (current) sessionStorage.setItem(CURRENT, JSON.stringify(current.login));
    else sessionStorage.removeItem(CURRENT);
    sessionStorage.setItem(OTHERS, JSON.stringify(others));
  }
}

function read<T>(key: string, preset: T): T {
  return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? preset;
}
