import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { ConversationRef } from '../realtime/events.js';
import type { ConversationName } from '../realtime/ports.js';
import { canonicalName } from './conversation-name.js';
import { ConversationsRepository } from './conversations.repository.js';

/** Names that are remembered; a conversation has two, a channel three. */
const CAPACITY = 50_000;

/** Finds conversations by name. What it has found it remembers: a conversation keeps its names, and is never removed. */
@Injectable()
export class ConversationDirectory {
  private readonly known = new LRUCache<ConversationName, ConversationRef>({ max: CAPACITY });
  private readonly searches = new Map<ConversationName, Promise<ConversationRef | undefined>>();

  constructor(private readonly conversations: ConversationsRepository) {}

  /**
   * The conversation of that name, at once where it is remembered; those who ask at the same time share one query. Nothing for
   * what cannot be a name.
   */
  locate(name: ConversationName): ConversationRef | undefined | Promise<ConversationRef | undefined> {
    const canonical = canonicalName(name);
    if (canonical === undefined) return undefined;
    return this.known.get(canonical) ?? this.searches.get(canonical) ?? this.search(canonical);
  }

  /** Takes note of a conversation that has just been found or created. */
  remember(conversation: ConversationRef): void {
    this.known.set(conversation.id, conversation);
    this.known.set(conversation.number, conversation);
    if (conversation.slug !== null) this.known.set(conversation.slug, conversation);
  }

  private search(name: ConversationName): Promise<ConversationRef | undefined> {
    const search = this.conversations
      .findRef(name)
      .then((found) => {
        if (found) this.remember(found);
        return found ?? this.known.get(name); // it may have been created since the query began
      })
      .finally(() => this.searches.delete(name));
    this.searches.set(name, search);
    return search;
  }
}
