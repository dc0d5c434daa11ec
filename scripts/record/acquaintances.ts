import { conversation, other, user } from './placeholders.js';
import type { ConversationSetup, Setup } from './recording.js';

/** What is known of a user. */
export interface UserFacts {
  readonly id?: string | undefined;
  readonly number?: number | undefined;
  readonly email?: string | undefined;
  readonly username?: string | undefined;
  readonly full_name?: string | undefined;
  readonly profile_image_url?: string | null | undefined;
  readonly role?: string | undefined;
}

/** What is known of a conversation that there was before. */
export interface ConversationFacts {
  readonly id?: string | undefined;
  readonly number?: number | undefined;
  readonly slug?: string | null | undefined;
  readonly kind: ConversationSetup['kind'];
  readonly creator: UserFacts;
  readonly members: readonly UserFacts[];
  readonly pet?: string | undefined;
}

interface Acquaintance<Facts> {
  index: number | undefined;
  facts: Facts;
}

/**
 * Who and what there was before the recording, by every name under which a frame may mention it. Who is mentioned for the
 * first time gets an index, and a line that says how to make the like of it.
 */
export class Acquaintances {
  private readonly users: Acquaintance<UserFacts>[] = [];
  private readonly conversations: Acquaintance<ConversationFacts>[] = [];
  /** By owner. */
  private readonly pets = new Map<string, { owner: UserFacts; index: number | undefined }>();
  private readonly sessions = new Map<string, number>();
  private readonly counts = { user: 0, conversation: 0, pet: 0, session: 0 };

  constructor(private readonly tell: (setup: Setup) => void) {}

  meetUser(facts: UserFacts): void {
    const known = this.findUser(facts);
    if (!known) {
      this.users.push({ index: undefined, facts });
      return;
    }
    const before = known.facts;
    known.facts = { ...before, ...defined(facts) };
    const isNews = (['role', 'profile_image_url', 'full_name'] as const).some(
      (key) => known.facts[key] !== before[key],
    );
    if (isNews && known.index !== undefined) this.tellUser(known, known.index);
  }

  meetConversation(facts: ConversationFacts): void {
    if (this.conversations.some(({ facts: known }) => isSameConversation(known, facts))) return;
    for (const member of [facts.creator, ...facts.members]) this.meetUser(member);
    this.conversations.push({ index: undefined, facts });
  }

  meetPet(id: string, owner: UserFacts): void {
    if (!this.pets.has(id)) this.pets.set(id, { owner, index: undefined });
  }

  /** An event session that someone watches. */
  meetSession(id: string): void {
    if (this.sessions.has(id)) return;
    const session = ++this.counts.session;
    this.sessions.set(id, session);
    this.tell({ setup: 'session', session, access: 'public' });
  }

  knowsUser(id: string): boolean {
    return this.findUser({ id: id.toLowerCase() }) !== undefined;
  }

  knowsConversation(name: string | number): boolean {
    return this.findConversation(name) !== undefined;
  }

  /** The index of someone who connects or calls. */
  indexOf(facts: UserFacts): number {
    this.meetUser(facts);
    return this.mention(this.findUser(facts)!);
  }

  /** The placeholder of a text, if it is a name of someone or something known. */
  nameOfText(value: string): string | undefined {
    const lower = value.toLowerCase();
    for (const known of this.users) {
      const { id, email, username, full_name, profile_image_url } = known.facts;
      if (id === lower) return user(this.mention(known));
      if (email?.toLowerCase() === lower) return user(this.mention(known), 'email');
      if (profile_image_url === value) return user(this.mention(known), 'picture');
      if (full_name === value && username !== value) return user(this.mention(known), 'full_name');
      if (username === value) return user(this.mention(known), 'username');
    }
    const session = this.sessions.get(lower);
    if (session !== undefined) return other('session', session);
    const pet = this.pets.get(lower);
    if (pet) return other('pet', this.mentionPet(pet));
    for (const known of this.conversations) {
      if (known.facts.id === lower) return conversation(this.mentionConversation(known));
      if (known.facts.slug && known.facts.slug === value) return conversation(this.mentionConversation(known), 'slug');
    }
    return undefined;
  }

  userOfNumber(number: number): string | undefined {
    const known = this.users.find(({ facts }) => facts.number === number);
    return known && user(this.mention(known), 'number');
  }

  conversationOfNumber(number: number): string | undefined {
    const known = this.conversations.find(({ facts }) => facts.number === number);
    return known && conversation(this.mentionConversation(known), 'number');
  }

  /** Texts that are not to appear within others, the longest first. */
  secrets(): string[] {
    const texts = this.users.flatMap(({ facts: { id, email, username, full_name } }) => [
      id,
      email,
      username,
      full_name,
    ]);
    const slugs = this.conversations.flatMap(({ facts: { id, slug } }) => [id, slug]);
    return [...texts, ...slugs]
      .filter((text): text is string => typeof text === 'string' && text.length > 3)
      .toSorted((one, other) => other.length - one.length);
  }

  private mention(known: Acquaintance<UserFacts>): number {
    if (known.index === undefined) {
      known.index = ++this.counts.user;
      this.tellUser(known, known.index);
    }
    return known.index;
  }

  private tellUser({ facts }: Acquaintance<UserFacts>, index: number): void {
    const { role = 'member', username, full_name, profile_image_url } = facts;
    const hasFullName = full_name !== undefined && full_name !== username;
    this.tell({
      setup: 'user',
      user: index,
      role,
      ...(hasFullName && { full_name: true }),
      ...(profile_image_url && { picture: true }),
    });
  }

  private mentionConversation(known: Acquaintance<ConversationFacts>): number {
    if (known.index !== undefined) return known.index;
    const { kind, creator, members, pet } = known.facts;
    if (kind === 'consultation') this.assumeRoles(creator, members);
    const index = ++this.counts.conversation;
    known.index = index;
    const owned = pet === undefined ? undefined : (this.pets.get(pet) ?? { owner: creator, index: undefined });
    if (owned && pet !== undefined) this.pets.set(pet, owned);
    const setup: ConversationSetup = {
      setup: 'conversation',
      conversation: index,
      kind,
      creator: this.indexOf(creator),
      members: members.map((member) => this.indexOf(member)),
      ...(owned && { pet: this.mentionPet(owned) }),
    };
    this.tell(setup);
    return index;
  }

  /** Who is in a consultation: its client, and providers. */
  private assumeRoles(creator: UserFacts, members: readonly UserFacts[]): void {
    for (const member of members) {
      const known = this.findUser(member);
      if (known?.facts.role === undefined)
        this.meetUser({ ...member, role: member.id === creator.id ? 'client' : 'provider' });
    }
  }

  private mentionPet(pet: { owner: UserFacts; index: number | undefined }): number {
    if (pet.index === undefined) {
      pet.index = ++this.counts.pet;
      this.tell({ setup: 'pet', pet: pet.index, owner: this.indexOf(pet.owner) });
    }
    return pet.index;
  }

  private findUser({ id, email }: UserFacts): Acquaintance<UserFacts> | undefined {
    return this.users.find(
      ({ facts }) =>
        (id !== undefined && facts.id === id) ||
        (email !== undefined && facts.email?.toLowerCase() === email.toLowerCase()),
    );
  }

  private findConversation(name: string | number): Acquaintance<ConversationFacts> | undefined {
    const text = String(name);
    return this.conversations.find(
      ({ facts: { id, number, slug } }) => id === text.toLowerCase() || slug === text || String(number) === text,
    );
  }
}

function isSameConversation(one: ConversationFacts, other: ConversationFacts): boolean {
  if (one.id !== undefined && other.id !== undefined) return one.id === other.id;
  return Boolean(one.slug) && one.slug === other.slug;
}

function defined<T extends object>(facts: T): Partial<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Partial<T>;
}
