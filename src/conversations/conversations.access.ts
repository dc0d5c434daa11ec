import { Injectable } from '@nestjs/common';
import { notFound } from '../common/errors.js';
import type { Principal } from '../common/principal.js';
import { MessagingSettings } from '../config/settings.js';
import type { ConversationRef } from '../realtime/events.js';
import { ConversationAccess, type ConversationName } from '../realtime/ports.js';
import { ConversationDirectory } from './conversation-directory.js';
import { ConversationLookups } from './conversation-lookups.js';
import { isSlug } from './conversation-name.js';
import { ConversationStarter } from './conversation-starter.js';
import { isOpen } from './conversations.policy.js';
import { ConversationsRepository } from './conversations.repository.js';

/** Who may hear which conversation, as the database has it at that moment. */
@Injectable()
export class StoredConversationAccess extends ConversationAccess {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly lookups: ConversationLookups,
    private readonly directory: ConversationDirectory,
    private readonly starter: ConversationStarter,
    private readonly settings: MessagingSettings,
  ) {
    super();
  }

  locate(name: ConversationName): ReturnType<ConversationAccess['locate']> {
    return this.directory.locate(name);
  }

  async admit(principal: Principal, name: ConversationName): Promise<ConversationRef> {
    return this.check(principal, await this.directory.locate(name));
  }

  async admitOrCreateChannel(principal: Principal, name: ConversationName): Promise<ConversationRef> {
    const conversation = await this.directory.locate(name);
    return this.check(principal, conversation ?? (await this.createChannel(principal, name)));
  }

  takesPart(conversationId: string, userId: string): Promise<boolean> {
    return this.lookups.takesPart(conversationId, userId);
  }

  memberships(userId: string): Promise<ConversationRef[]> {
    return this.lookups.memberships(userId);
  }

  offsets(conversationIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.lookups.offsets(conversationIds);
  }

  private async check(principal: Principal, conversation: ConversationRef | undefined): Promise<ConversationRef> {
    if (!conversation) throw notFound('Conversation');
    if (isOpen(conversation)) return conversation;
    if (await this.lookups.takesPart(conversation.id, principal.id)) return conversation;
    throw notFound('Conversation');
  }

  /** The channel of that slug, which someone else may have created meanwhile; nothing where none may be created. */
  private async createChannel({ id }: Principal, slug: ConversationName): Promise<ConversationRef | undefined> {
    if (!this.settings.channelAutocreate || typeof slug !== 'string' || !isSlug(slug)) return undefined;
    const channel = { kind: 'channel', slug, title: null, createdBy: id, participantIds: [id] } as const;
    return (await this.starter.start(channel)) ?? this.conversations.findRef(slug);
  }
}
