import { computed, effect, signal, untracked } from '@preact/signals';
import type { Accounts } from '../accounts/accounts.js';
import type { Session } from '../accounts/session.js';
import { ApiError } from '../api/client.js';
import type { Conversation } from '../api/types.js';
import { dialectNamed, DIALECTS } from '../dialects/index.js';
import { Pane } from './pane.js';

const KEPT = 'parlance.desk';
const SLUG = /^(?=.*[a-z])[a-z0-9][\w.-]{0,63}$/i;
const PRESET = { panes: [{ dialect: 'channels' }, { dialect: 'tribe' }], name: undefined };

/** The panes as they are kept for this tab. */
interface Kept {
  readonly panes: readonly { readonly dialect: string; readonly user?: string | undefined }[];
  readonly name: string | undefined;
}

/** The panes side by side, and the one conversation that they all show. */
export class Desk {
  readonly panes = signal<readonly Pane[]>([]);
  readonly name = signal<string | undefined>(undefined);
  /** The pane that is worked in, which reads out what arrives, and is the one to be seen on a phone. */
  readonly active = signal<Pane | undefined>(undefined);
  /** The conversation, as the first who may see it does. */
  readonly conversation = computed(() => this.panes.value.find((pane) => pane.conversation.value)?.conversation.value);

  /** The panes that could hear the conversation, and do not. */
  readonly idle = computed(() =>
    this.panes.value.filter(
      ({ account, line, hasEntered }) =>
        account.value && (line.state.value === 'closed' || (line.isOpen && !hasEntered.value)),
    ),
  );

  constructor(
    private readonly accounts: Accounts,
    private readonly onMessage: () => void,
  ) {
    const kept: Kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') ?? PRESET;
    this.panes.value = kept.panes.map(({ dialect, user }) => this.#make(dialect, user));
    this.active.value = this.panes.value[0];
    effect(() => this.#settle());
    if (kept.name && accounts.current.value) this.show(kept.name);
    effect(() => this.#keep());
  }

  /** Opens a conversation in all panes; a channel that is not there yet is made. @throws ApiError */
  async open(name: string): Promise<void> {
    const session = this.accounts.current.value;
    if (!session) throw new ApiError(401, 'Sign in first.');
    const path = `/conversations/${encodeURIComponent(name)}`;
    const { id } = await session.request<Conversation>('GET', path).catch(async (error: unknown) => {
      if (!isStatus(error, 404) || !SLUG.test(name)) throw error;
      await session.request('POST', '/channels', { slug: name }).catch((refusal: unknown) => {
        if (!isStatus(refusal, 409)) throw refusal; // unless someone else was faster
      });
      return session.request<Conversation>('GET', path);
    });
    this.show(id);
  }

  /** Shows a conversation in all panes, each of which tells what it cannot show. */
  show(name: string): void {
    this.name.value = name;
    for (const pane of this.panes.value) void pane.show(name);
  }

  /** One more pane, in the first dialect that none speaks yet. */
  add(): void {
    const spoken = new Set(this.panes.value.map((pane) => pane.dialect.value.name));
    const next = DIALECTS.find(({ name }) => !spoken.has(name)) ?? DIALECTS[0]!;
    const pane = this.#make(next.name, this.accounts.current.value?.user.id);
    this.panes.value = [...this.panes.value, pane];
    this.active.value = pane;
    if (this.name.value) void pane.show(this.name.value);
  }

  remove(pane: Pane): void {
    pane.disconnect();
    this.panes.value = this.panes.value.filter((other) => other !== pane);
    if (this.active.value === pane) this.active.value = this.panes.value[0];
  }

  /** Has another user speak in a pane. */
  seat(pane: Pane, account: Session | undefined): void {
    pane.become(account);
    if (this.name.value) void pane.show(this.name.value);
  }

  /** Connects every pane that is not, and enters the conversation in each. */
  async connectAll(): Promise<void> {
    await Promise.all(this.idle.value.map((pane) => pane.connectAndEnter()));
  }

  #make(dialect: string, userId: string | undefined): Pane {
    const account = this.accounts.byId(userId) ?? this.accounts.current.value;
    return new Pane(dialectNamed(dialect), account, () => this.#catchUp());
  }

  /** What one pane has heard, all show; by which frames each heard it, or not, is what they differ in. */
  #catchUp(): void {
    this.onMessage();
    for (const pane of this.panes.value) pane.catchUp().catch((error: Error) => (pane.error.value = error.message));
  }

  /** A pane whose user has signed out is without one; one without gets who signs in. */
  #settle(): void {
    const { all, current } = this.accounts;
    const sessions = all.value;
    for (const pane of this.panes.value) {
      const account = pane.account.peek();
      if (account && sessions.includes(account)) continue;
      const next = account ? this.accounts.byId(account.user.id) : current.value;
      if (account !== next) untracked(() => this.seat(pane, next));
    }
    if (sessions.length === 0) this.name.value = undefined;
  }

  #keep(): void {
    const panes = this.panes.value.map(({ dialect, account }) => ({
      dialect: dialect.value.name,
      user: account.value?.user.id,
    }));
    sessionStorage.setItem(KEPT, JSON.stringify({ panes, name: this.name.value } satisfies Kept));
  }
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}
