import { Injectable, Optional } from '@nestjs/common';
import { type Deadline, Deadlines } from '../common/deadline.js';
import { conflict, notFound } from '../common/errors.js';
import { isUuid, newId, toNumber } from '../common/ids.js';
import { type Page, toPage } from '../common/pagination.js';
import { type Principal, toUserRef } from '../common/principal.js';
import { MessagingSettings } from '../config/settings.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { ConversationRef, MessageState } from '../realtime/events.js';
import { Meters } from '../realtime/meters.js';
import { ConversationAccess, type ConversationName } from '../realtime/ports.js';
import { EventPublisher } from '../realtime/publisher.js';
import { Tracer } from '../realtime/tracer.js';
import { windowOf } from './message-window.js';
import { type MessageBody, presentMessage } from './message.presenter.js';
import { clientMessageIdOf, contentOf, messageTypeOf } from './message-texts.js';
import { type Draft, MessageWriter, type Outcome } from './message-writer.js';
import type { MessagesQuery } from './messages.dto.js';
import { assertMayChange } from './messages.policy.js';
import {
  type ChangedMessage,
  type LockedMessage,
  type MessageChange,
  type MessageName,
  MessagesRepository,
} from './messages.repository.js';
import { RecentOrigins } from './recent-origins.js';
import { Sequencer } from './sequencer.js';

/** A message to be sent; its texts are as the client gave them. */
export interface Outgoing {
  readonly conversation: ConversationName | ConversationRef;
  readonly content: string;
  readonly messageType?: string | null | undefined;
  /** Sending the same one twice yields the first message again, and is told to nobody. */
  readonly clientMessageId?: string | null | undefined;
  /** The uuid of a user to whom it is addressed; in a direct conversation it is the other one anyway. */
  readonly addresseeId?: string | null | undefined;
  /** The connection that sends. */
  readonly origin?: string | null | undefined;
}

export interface SentMessage extends ChangedMessage {
  /** Whether it had been sent before. */
  readonly repeated: boolean;
}

/** A page of a conversation's messages by its number, for clients that count pages from the newest. */
export interface NumberedPage {
  /** Newest first; a deleted one keeps its place. */
  readonly messages: MessageState[];
  /** Of all pages. */
  readonly total: number;
  readonly hasMore: boolean;
}

/** What a list of conversations shows of their messages. */
export interface Digest {
  readonly lastMessage: MessageState | null;
  /** Messages of others that a participant has not read; 0 for who takes no part. */
  readonly unreadCount: number;
}

/** Milliseconds within which a send is answered, whatever the database does; senders are promised five seconds. */
const SEND_DEADLINE = 4_500;

@Injectable()
export class MessagesService {
  private readonly lookups = new Sequencer();
  private readonly deadlines = new Deadlines(SEND_DEADLINE);

  constructor(
    private readonly messages: MessagesRepository,
    private readonly writer: MessageWriter,
    private readonly access: ConversationAccess,
    private readonly origins: RecentOrigins,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventPublisher,
    private readonly settings: MessagingSettings,
    private readonly meters: Meters,
    @Optional() private readonly tracer?: Tracer,
  ) {}

  /** A page of a conversation's messages. @throws invalid, not_found */
  async list(principal: Principal, name: ConversationName, query: MessagesQuery): Promise<Page<MessageBody>> {
    const window = windowOf(query);
    const { id } = await this.access.admit(principal, name);
    const messages = await this.messages.inWindow(id, window, query.limit + 1);
    return toPage(
      messages,
      query.limit,
      ({ message }) => presentMessage(id, message),
      ({ message }) => [window.direction, message.seq],
    );
  }

  /** The page of that number, from 0 for the newest `limit` messages. @throws not_found */
  async numberedPage(principal: Principal, name: ConversationName, page: number, limit: number): Promise<NumberedPage> {
    const { id } = await this.access.admit(principal, name);
    const total = await this.messages.count(id);
    const older = total - page * limit;
    // Messages are numbered without gaps, so their place says which they are, also when others are sent meanwhile.
    const window = { direction: 'before', seq: older + 1 } as const;
    const stored = older > 0 ? await this.messages.inWindow(id, window, limit) : [];
    return { messages: stored.map(({ message }) => message), total, hasMore: older > limit };
  }

  /**
   * Sends a message, and makes its sender a participant where it is sent to a channel. Answered after the commit, and
   * after it was published. What one user sends to a conversation keeps the order of the calls.
   *
   * @throws invalid; not_found, alike where the sender may not send; unavailable, when too much is being sent, or when it
   * is not known in time whether it was stored. Then it may have been, and sending it again under the same client message
   * id is safe.
   */
  async send(principal: Principal, outgoing: Outgoing): Promise<SentMessage> {
    const texts = {
      content: contentOf(outgoing.content, this.settings.maxMessageLength),
      messageType: messageTypeOf(outgoing.messageType),
      clientMessageId: clientMessageIdOf(outgoing.clientMessageId),
    };
    const send = () => this.deadlines.within((deadline) => this.sendUntil(deadline, principal, outgoing, texts));
    return this.tracer ? this.tracer.send(send) : send();
  }

  /** Gives a message a new content. @throws invalid, forbidden, not_found; conflict, when it is deleted. */
  async edit(
    principal: Principal,
    name: string | number,
    content: string,
    origin: string | null = null,
  ): Promise<ChangedMessage> {
    const text = contentOf(content, this.settings.maxMessageLength);
    const edited = await this.change(principal, name, ({ message }) => {
      if (message.deletedAt !== null) throw conflict('The message is deleted', 'message_deleted');
      return { content: text, editedAt: new Date() };
    });
    this.events.publish({ type: 'message.edited', ...edited, origin });
    return edited;
  }

  /** Deletes a message: it keeps its place and loses its content. Twice is as once. @throws forbidden, not_found */
  async remove(principal: Principal, name: string | number, origin: string | null = null): Promise<void> {
    const deleted = await this.change(principal, name, ({ message }) =>
      message.deletedAt === null ? { content: '', deletedAt: new Date() } : undefined,
    );
    if (deleted) this.events.publish({ type: 'message.deleted', ...deleted, origin });
  }

  /** What a user's list of conversations shows of their messages, by conversation. */
  async digest(userId: string, conversationIds: readonly string[]): Promise<Map<string, Digest>> {
    const newest = await this.messages.newestIn(conversationIds);
    const unread = await this.messages.countUnread(userId, conversationIds);
    const last = new Map(newest.map(({ conversationId, message }) => [conversationId, message]));
    return new Map(
      conversationIds.map((id) => [id, { lastMessage: last.get(id) ?? null, unreadCount: unread.get(id) ?? 0 }]),
    );
  }

  /** Goes on after the deadline with what has been begun: what is stored is published, though its sender was refused. */
  private async sendUntil(
    deadline: Deadline,
    principal: Principal,
    outgoing: Outgoing,
    texts: Pick<Draft, 'content' | 'messageType' | 'clientMessageId'>,
  ): Promise<SentMessage> {
    const found = this.lookups.run(principal.id, () => this.findConversation(principal, outgoing));
    const conversation = found instanceof Promise ? await found : found;
    const draft = {
      id: newId(),
      conversationId: conversation.id,
      senderId: principal.id,
      addresseeId: outgoing.addresseeId ?? null,
      ...texts,
    };
    // Before it is stored: from then on others may be shown it from the database, which knows nothing of connections.
    if (outgoing.origin) this.origins.remember(draft.id, outgoing.origin);
    const outcome = await this.writer.write(draft, deadline);
    this.meters.messages[outcome.kind]++;
    switch (outcome.kind) {
      case 'refused':
        throw notFound('Conversation');
      case 'repeated':
        return this.sentBefore(principal, outcome.messageId);
      case 'inserted':
        return this.announce(principal, conversation, draft, outcome, outgoing.origin ?? null);
    }
  }

  private findConversation(
    principal: Principal,
    { conversation }: Outgoing,
  ): ConversationRef | Promise<ConversationRef> {
    if (typeof conversation === 'object') return conversation;
    // Whether the sender may is for the writer to say, in its transaction: here a name that is known costs no query.
    const found = this.access.locate(conversation);
    const create = (): Promise<ConversationRef> => this.access.admitOrCreateChannel(principal, conversation);
    return found instanceof Promise ? found.then((searched) => searched ?? create()) : (found ?? create());
  }

  private announce(
    principal: Principal,
    conversation: ConversationRef,
    { id, content, messageType, clientMessageId }: Draft,
    { number, seq, offset, createdAt, joined, receiver }: Extract<Outcome, { kind: 'inserted' }>,
    origin: string | null,
  ): SentMessage {
    const message: MessageState = {
      id,
      number,
      seq,
      sender: toUserRef(principal),
      receiver: receiver && { ...receiver, readAt: null },
      content,
      messageType,
      clientMessageId,
      createdAt: createdAt.toISOString(),
      editedAt: null,
      deletedAt: null,
    };
    if (joined) {
      this.events.publish({ type: 'participant.added', conversation, userId: principal.id, offset: offset - 1 });
    }
    this.events.publish({
      type: 'message.created',
      conversation,
      offset,
      message,
      origin,
      trace: this.tracer?.traceparent,
    });
    return { conversation, offset, message, repeated: false };
  }

  /** The message of an earlier send, as it stands. @throws not_found, when its sender may not see it any more. */
  private async sentBefore(principal: Principal, messageId: string): Promise<SentMessage> {
    const stored = await this.messages.findById(messageId);
    if (!stored) throw notFound('Message');
    const conversation = await this.access.admit(principal, stored.conversationId);
    return { conversation, offset: stored.changeOffset, message: stored.message, repeated: true };
  }

  /** Changes a message as `decide` says, if it says anything, once nobody else can. */
  private async change<Decision extends MessageChange | undefined>(
    principal: Principal,
    name: string | number,
    decide: (locked: LockedMessage) => Decision,
  ): Promise<ChangedMessage | Extract<Decision, undefined>> {
    const messageName = parseName(name);
    if (!messageName) throw notFound('Message');
    return this.unitOfWork.run(async (manager) => {
      const locked = await this.messages.lock(messageName, principal.id, manager);
      if (!locked) throw notFound('Message');
      assertMayChange(principal, locked);
      const change = decide(locked);
      return change && this.messages.change(locked, change, manager);
    });
  }
}

function parseName(name: string | number): MessageName | undefined {
  if (isUuid(name)) return { id: name };
  const number = toNumber(name);
  return number === undefined ? undefined : { number };
}
