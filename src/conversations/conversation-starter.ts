import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import type { ConversationRef } from '../realtime/events.js';
import { EventPublisher } from '../realtime/publisher.js';
import { ConversationDirectory } from './conversation-directory.js';
import { ConversationsRepository, type NewConversation } from './conversations.repository.js';

/** The one way in which conversations, of any kind, come to be. */
@Injectable()
export class ConversationStarter {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly directory: ConversationDirectory,
    private readonly events: EventPublisher,
  ) {}

  /**
   * Creates the conversation and tells those who take part in it. Nothing happens when there is one of that slug, or of
   * those two users, already: of those who try at once, one succeeds.
   */
  async start(conversation: NewConversation, at = new Date()): Promise<ConversationRef | undefined> {
    const started = await this.conversations.insert(newId(), conversation, at);
    if (!started) return undefined;
    this.directory.remember(started);
    for (const userId of conversation.participantIds) {
      this.events.publish({ type: 'participant.added', conversation: started, userId, offset: 0 });
    }
    return started;
  }
}
