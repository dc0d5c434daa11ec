import type { Acquaintances, ConversationFacts, UserFacts } from './acquaintances.js';
import type { Json, Proof } from './recording.js';
import { keyOfArguments } from './redactor.js';

/** By what a client shows who it is. */
export interface Credentials {
  readonly by: Proof;
  /** A token, or an e-mail address. */
  readonly value: string;
}

interface ConversationBody {
  readonly id: string;
  readonly number: number;
  readonly kind: ConversationFacts['kind'];
  readonly slug: string | null;
  readonly pet_id?: string;
  readonly created_by: string;
  readonly participants: readonly UserFacts[];
}

interface Page<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

/** Pages that are read of a list: what is beyond is learnt when a client names it. */
const MOST_PAGES = 10;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SLUG = /^(?=.*[a-z])[a-z0-9][a-z0-9_.-]{0,63}$/i;

/**
 * Asks the server, with a client's own credentials, who it is and what it had when it was first seen, so that the like can
 * be made where the recording is played. A server that does not have our REST API answers nothing, and nothing is learnt.
 */
export class Survey {
  private readonly asked = new Map<string, Promise<UserFacts | undefined>>();

  constructor(
    private readonly url: string,
    private readonly acquaintances: Acquaintances,
  ) {}

  /** Who shows these credentials; nobody where they are not good. */
  whoIs(credentials: Credentials): Promise<UserFacts | undefined> {
    const key = `${credentials.by === 'User-Email' ? 'email' : 'token'} ${credentials.value.toLowerCase()}`;
    let answer = this.asked.get(key);
    if (!answer) {
      answer = this.ask(credentials);
      this.asked.set(key, answer);
    }
    return answer;
  }

  /** Learns of users and conversations that a client names, before the names are taken out. */
  async meet({ users, conversations }: Named, credentials: Credentials): Promise<void> {
    const by = await this.whoIs(credentials);
    if (!by) return;
    for (const id of users) {
      if (!UUID.test(id) || this.acquaintances.knowsUser(id)) continue;
      const user = (await this.get(`/users/${id}`, credentials)) as UserFacts | undefined;
      if (user?.id) this.acquaintances.meetUser(user);
    }
    for (const name of conversations) {
      if (this.acquaintances.knowsConversation(name)) continue;
      const isSlug = typeof name === 'string' && SLUG.test(name) && !UUID.test(name);
      const found = await this.conversation(String(name), credentials);
      if (found) this.acquaintances.meetConversation(found);
      // To join or to post makes a channel; where the recording is played, it may as well be there before.
      else if (isSlug) this.acquaintances.meetConversation({ kind: 'channel', slug: name, creator: by, members: [by] });
    }
  }

  private async ask(credentials: Credentials): Promise<UserFacts | undefined> {
    if (credentials.by === 'User-Email') {
      const facts = { email: credentials.value };
      this.acquaintances.meetUser(facts);
      return facts;
    }
    const me = (await this.get('/auth/me', credentials)) as UserFacts | undefined;
    if (!me?.id) return undefined;
    this.acquaintances.meetUser(me);
    if (me.role === 'client') {
      for (const { id } of await this.all<{ id: string }>('/pets', credentials)) this.acquaintances.meetPet(id, me);
    }
    for (const conversation of await this.all<ConversationBody>('/conversations', credentials)) {
      this.acquaintances.meetConversation(toFacts(conversation));
    }
    return me;
  }

  private async conversation(name: string, credentials: Credentials): Promise<ConversationFacts | undefined> {
    const body = await this.get(`/conversations/${encodeURIComponent(name)}`, credentials);
    return (body as Partial<ConversationBody> | undefined)?.participants
      ? toFacts(body as ConversationBody)
      : undefined;
  }

  private async all<Item>(path: string, credentials: Credentials): Promise<Item[]> {
    const items: Item[] = [];
    let cursor = '';
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = (await this.get(`${path}?limit=100${cursor}`, credentials)) as Page<Item> | undefined;
      if (!Array.isArray(answer?.data)) break;
      items.push(...answer.data);
      if (!answer.next_cursor) break;
      cursor = `&cursor=${encodeURIComponent(answer.next_cursor)}`;
    }
    return items;
  }

  private async get(path: string, { by, value }: Credentials): Promise<unknown> {
    if (by === 'User-Email') return undefined; // is believed for channels and messages only
    try {
      const response = await fetch(`${this.url}/api/v1${path}`, {
        headers: { authorization: `Bearer ${value}` },
        signal: AbortSignal.timeout(10_000),
      });
      return response.ok ? await response.json() : undefined;
    } catch {
      return undefined; // another server, or one that is away: nothing is learnt
    }
  }
}

/** What a client names in what it sends. */
export interface Named {
  readonly conversations: (string | number)[];
  readonly users: string[];
}

const CONVERSATION_KEYS = new Set(['conversation_id', 'conversationId', 'channel_id']);
const USER_KEYS = new Set(['user_id', 'user_ids', 'participant_ids', 'providers', 'toUserId']);

export function namesIn(value: Json | undefined, key = '', named: Named = { conversations: [], users: [] }): Named {
  if (typeof value === 'string' || typeof value === 'number') {
    if (CONVERSATION_KEYS.has(key)) named.conversations.push(value);
    else if (USER_KEYS.has(key) && typeof value === 'string') named.users.push(value);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) namesIn(item, key, named);
  } else {
    for (const [inner, item] of Object.entries(value ?? {})) namesIn(item as Json, inner, named);
  }
  return named;
}

/** As {@link namesIn}, in an event of Socket.IO. */
export function namesInEvent([name, ...args]: readonly unknown[]): Named {
  return namesIn(args as Json, keyOfArguments(name));
}

function toFacts({ id, number, kind, slug, pet_id, created_by, participants }: ConversationBody): ConversationFacts {
  return {
    id,
    number,
    kind,
    slug,
    creator: participants.find((participant) => participant.id === created_by) ?? { id: created_by },
    members: participants,
    pet: pet_id,
  };
}
