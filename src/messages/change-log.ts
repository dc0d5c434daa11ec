import { Injectable } from '@nestjs/common';
import type { MessageEvent } from '../realtime/events.js';
import { ChangeLog, ConversationAccess } from '../realtime/ports.js';
import type { StoredMessage } from './message.row.js';
import { MessagesRepository } from './messages.repository.js';
import { RecentOrigins } from './recent-origins.js';

/** The changes, read from the messages themselves: each keeps the offset of its last one. */
@Injectable()
export class StoredChangeLog extends ChangeLog {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly access: ConversationAccess,
    private readonly origins: RecentOrigins,
  ) {
    super();
  }

  async since(conversationId: string, offset: number, limit: number): Promise<MessageEvent[]> {
    const conversation = await this.access.locate(conversationId);
    if (!conversation) return [];
    const changed = await this.messages.changedSince(conversation.id, offset, limit);
    return changed.map((stored) => ({
      type: typeOf(stored, offset),
      conversation,
      offset: stored.changeOffset,
      message: stored.message,
      origin: this.origins.of(stored.message.id),
    }));
  }

  async newest(conversationId: string): Promise<number> {
    return (await this.access.offsets([conversationId])).get(conversationId) ?? 0;
  }
}

/** To who was there until `offset`, a message sent and edited since is a new one. */
function typeOf({ message, createdOffset }: StoredMessage, offset: number): MessageEvent['type'] {
  if (message.deletedAt !== null) return 'message.deleted';
  return createdOffset > offset ? 'message.created' : 'message.edited';
}
