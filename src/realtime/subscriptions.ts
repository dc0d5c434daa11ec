import { invalid, notFound } from '../common/errors.js';
import type { Place } from '../dialects/dialect.js';
import type { Listener } from './listener.js';
import type { ConversationRef } from './events.js';
import type { Hub } from './hub.js';
import type { ConversationAccess, ConversationName } from './ports.js';
import type { Entrance, Entry, Room } from './room.js';

/** Conversations that one connection may enter by asking. */
const LIMIT = 10_000;

interface Subscription {
  readonly room: Room;
  /** The offset after which it has heard, or hears, every change. */
  from: number;
}

/** How a connection enters a conversation. */
export interface EnterOptions {
  /** The offset where the client left off. */
  readonly since?: number | undefined;
  /** Whether an unknown slug becomes a channel, where that is allowed. */
  readonly createChannel?: boolean;
}

/** Who is told of the conversations that a connection enters and leaves. */
export interface SubscriptionObserver {
  entered(conversation: ConversationRef): void;
  left(conversation: ConversationRef): void;
}

/** What one connection hears: the conversations that it has entered, and those that it attends. */
export class Subscriptions {
  private readonly entered = new Map<string, Subscription>();
  /** Undefined until there are some, as are the others: there are as many of these as there are connections. */
  private attended: Map<string, Room> | undefined;
  /** Conversations whose hearing was ended while it was being prepared. */
  private revoked: Set<string> | undefined;
  private pending = 0;
  /** How often something was begun to be heard: an answer from before then is out of date. */
  private beginnings = 0;
  private observer: SubscriptionObserver | undefined;

  constructor(
    private readonly listener: Listener,
    private readonly hub: Hub,
    private readonly access: ConversationAccess,
  ) {}

  /** Whether it has entered a conversation. */
  hears(conversationId: string): boolean {
    return this.entered.has(conversationId);
  }

  /** How many conversations it has entered. */
  get size(): number {
    return this.entered.size;
  }

  /** The conversations that it has entered. */
  get conversations(): ConversationRef[] {
    return Array.from(this.entered.values(), ({ room }) => room.conversation);
  }

  /** Tells `observer` of each conversation that it has entered, and from now on enters and leaves, until it ends. */
  observe(observer: SubscriptionObserver): void {
    this.observer = observer;
    for (const conversation of this.conversations) observer.entered(conversation);
  }

  /** Hears what its dialect hears unasked of the conversations in which the user takes part, from before the answer on. */
  async followMemberships(): Promise<void> {
    const { memberships } = this.listener.voice.dialect;
    if (memberships === 'ignored') return;
    await this.preparing(async () => {
      const conversations = await this.access.memberships(this.listener.principal.id);
      if (memberships === 'entered') await this.enterAll(conversations);
      else await this.attendAll(conversations);
    });
  }

  /**
   * Likewise one more conversation, from `since` on: one in which the user has been made to take part. That is asked of the
   * database again: what tells of being added may come after what tells of being removed.
   */
  async follow(conversation: ConversationRef, since: number): Promise<void> {
    const { memberships } = this.listener.voice.dialect;
    if (memberships === 'ignored') return;
    this.revoked?.delete(conversation.id);
    this.beginnings++;
    await this.preparing(async () => {
      if (!(await this.access.takesPart(conversation.id, this.listener.principal.id))) return;
      if (memberships === 'attended') await this.attendAll([conversation], since);
      else if (!this.hears(conversation.id)) await this.enterAll([conversation], since);
    });
  }

  /**
   * Hears nothing more of a conversation in which the user, as the database has it now, takes no part. In an open channel
   * that ends what was heard since the user took part, not what was asked for.
   */
  async verify(conversation: ConversationRef): Promise<void> {
    const { id } = conversation;
    while (this.hears(id) || this.attends(id)) {
      const { beginnings } = this;
      if (await this.access.takesPart(id, this.listener.principal.id)) return;
      if (beginnings !== this.beginnings) continue;
      if (conversation.kind !== 'channel' || this.listener.voice.dialect.memberships === 'entered') this.revoke(id);
      else this.unattend(id);
      return;
    }
  }

  /**
   * Enters the conversation of that name. `answer` is called once, before its first change is shown; with `since`, what came
   * after that offset is shown first. One that was entered already is answered, and what was missed of it shown, again.
   *
   * @throws not_found, when the user may not hear it; invalid, when the connection hears too many.
   */
  async enter(
    name: ConversationName,
    answer: (conversation: ConversationRef, entry: Entry) => void,
    { since, createChannel = false }: EnterOptions = {},
  ): Promise<ConversationRef> {
    this.beginnings++;
    return this.preparing(async () => {
      const conversation = await this.reach(name, createChannel);
      let isAnswered = false;
      const answerOnce = (entry: Entry): void => {
        isAnswered = true;
        answer(conversation, entry);
      };
      if (!this.hears(conversation.id)) {
        if (this.entered.size >= LIMIT) throw invalid(`A connection may hear at most ${LIMIT} conversations`);
        await this.enterAll([conversation], since, answerOnce);
      }
      if (!isAnswered) await this.reenter(conversation.id, since, answerOnce);
      if (!isAnswered) throw notFound('Conversation'); // it was taken away meanwhile
      return conversation;
    });
  }

  /**
   * The conversation of that name, when this connection hears it or the user may.
   *
   * @throws not_found, otherwise.
   */
  async reach(name: ConversationName, createChannel = false): Promise<ConversationRef> {
    const conversation = await this.access.locate(name);
    if (conversation && this.hears(conversation.id)) return conversation;
    const { principal } = this.listener;
    return createChannel ? this.access.admitOrCreateChannel(principal, name) : this.access.admit(principal, name);
  }

  /** Leaves a conversation. @returns whether it had been entered. */
  leave(conversationId: string): boolean {
    const subscription = this.entered.get(conversationId);
    if (!subscription) return false;
    this.entered.delete(conversationId);
    subscription.room.leave(this.listener, 'entered');
    this.hub.release(subscription.room);
    this.observer?.left(subscription.room.conversation);
    return true;
  }

  /** Hears nothing more of a conversation, also where that was only being prepared: the user may not any more. */
  revoke(conversationId: string): void {
    if (this.pending > 0) (this.revoked ??= new Set()).add(conversationId);
    this.leave(conversationId);
    this.unattend(conversationId);
  }

  private attends(conversationId: string): boolean {
    return this.attended?.has(conversationId) ?? false;
  }

  private unattend(conversationId: string): void {
    const room = this.attended?.get(conversationId);
    if (!room) return;
    this.attended?.delete(conversationId);
    room.leave(this.listener, 'attending');
    this.hub.release(room);
  }

  /** Hears nothing more of anything. */
  end(): void {
    for (const id of this.entered.keys()) this.leave(id);
    for (const id of this.attended?.keys() ?? []) this.revoke(id);
    this.observer = undefined;
  }

  /** Answers, and shows again what was missed of, a conversation that was entered before. */
  private async reenter(id: string, since: number | undefined, answer: (entry: Entry) => void): Promise<void> {
    const subscription = this.entered.get(id);
    if (!subscription) return;
    const isWanted = (): boolean => !this.listener.isEnded && this.entered.get(id) === subscription;
    const onJoined = (from: number): void => void (subscription.from = from);
    await subscription.room.rejoin(this.listener, subscription.from, { since, answer, isWanted, onJoined });
  }

  private async enterAll(
    conversations: readonly ConversationRef[],
    since?: number,
    answer?: (entry: Entry) => void,
  ): Promise<void> {
    await this.join(conversations, 'entered', (room) => ({
      since,
      answer,
      isWanted: () => !this.hears(room.conversation.id),
      onJoined: (from) => {
        this.entered.set(room.conversation.id, { room, from });
        this.observer?.entered(room.conversation);
      },
    }));
  }

  private async attendAll(conversations: readonly ConversationRef[], since?: number): Promise<void> {
    await this.join(conversations, 'attending', (room) => ({
      since,
      isWanted: () => !this.attends(room.conversation.id),
      onJoined: () => void (this.attended ??= new Map()).set(room.conversation.id, room),
    }));
  }

  /** Holds the rooms open until it listens, and then until it leaves. */
  private async join(
    conversations: readonly ConversationRef[],
    place: Place,
    entranceTo: (room: Room) => Entrance,
  ): Promise<void> {
    const { voice } = this.listener;
    const rooms = await this.hub.hold(conversations);
    await Promise.all(
      rooms.map(async (room) => {
        const entrance = entranceTo(room);
        const isWanted = (): boolean =>
          !this.listener.isEnded &&
          this.listener.voice === voice &&
          !this.revoked?.has(room.conversation.id) &&
          entrance.isWanted();
        let hasJoined = false;
        try {
          hasJoined = await room.join(this.listener, place, { ...entrance, isWanted });
        } finally {
          if (!hasJoined) this.hub.release(room);
        }
      }),
    );
  }

  /**
   * Decides what to hear, and begins to: from the question to the database on, a revocation is kept in mind, since the answer
   * may be older.
   */
  private async preparing<T>(work: () => Promise<T>): Promise<T> {
    this.pending++;
    try {
      return await work();
    } finally {
      if (--this.pending === 0) this.revoked = undefined;
    }
  }
}
