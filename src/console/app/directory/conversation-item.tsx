import type { Conversation } from '../api/types.js';
import { conversationName } from './conversation-name.js';

interface ConversationItemProps {
  readonly conversation: Conversation;
  readonly myId: string | undefined;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

const SIGNS = { channel: '#', direct: '@', group: '&', consultation: '+' };

/** A conversation in a list: its name, its newest message, and how many are unread. */
export function ConversationItem({ conversation, myId, isOpen, onOpen }: ConversationItemProps) {
  const { kind, last_message: last, unread_count: unread } = conversation;
  return (
    <li>
      <button type="button" class="conversation-item" aria-current={isOpen ? 'true' : undefined} onClick={onOpen}>
        <span class="sign" aria-label={kind} role="img">
          {SIGNS[kind]}
        </span>
        <span class="names">
          <strong dir="auto">{conversationName(conversation, myId)}</strong>
          {last && (
            <span dir="auto">{last.is_deleted ? 'Message deleted' : `${last.sender.full_name}: ${last.content}`}</span>
          )}
        </span>
        {unread > 0 && (
          <span class="badge unread">
            {unread}
            <span class="unseen"> unread</span>
          </span>
        )}
      </button>
    </li>
  );
}
