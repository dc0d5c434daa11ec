import type { Conversation } from '../api/types.js';

/** What a conversation is called by someone who is in it: its title, its slug, or who else is there. */
export function conversationName(conversation: Conversation, myId: string | undefined): string {
  const { title, slug, kind, participants } = conversation;
  const others = participants.filter(({ id }) => id !== myId).map(({ full_name, username }) => full_name || username);
  return title || slug || others.join(', ') || kind;
}
