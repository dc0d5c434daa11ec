import type { DomainEvent, MessageEvent } from '../../realtime/events.js';
import { onlyWithEdits } from '../../realtime/edits.js';
import { offsetKey } from '../../realtime/resuming.js';
import { isConversationName } from '../../realtime/validators.js';
import type { Dialect, Presentation } from '../dialect.js';
import {
  type ErrorFrame,
  frames,
  type MessageDeletedFrame,
  type MessageNewFrame,
  type MessageUpdatedFrame,
  type PresenceChangedFrame,
  toMessageData,
  type TypingChangedFrame,
} from './tribe.frames.js';

type MessageFrame = MessageNewFrame | MessageUpdatedFrame | MessageDeletedFrame;

/** `tribe.md`: events of the conversations to which a connection has subscribed, for everyone but who caused them. */
export const tribe: Dialect = {
  name: 'tribe',
  path: '/api/v1/ws',
  memberships: 'ignored',
  headerAuth: false,
  frames,

  recognises: (frame) => 'event' in frame,

  eventOf: ({ event }) => (typeof event === 'string' ? event : undefined),

  present(event: DomainEvent): Presentation | undefined {
    switch (event.type) {
      case 'message.created':
        return { ...onMessage('message.new', event), exceptUser: event.message.sender.id };
      case 'message.edited':
        return onlyWithEdits(onMessage('message.updated', event));
      case 'message.deleted':
        return onlyWithEdits(onMessage('message.deleted', event));
      case 'typing.changed':
        return {
          frame: (): TypingChangedFrame => ({
            event: 'typing',
            conversation_id: event.conversation.id,
            data: { user_id: event.user.id, user_name: event.user.fullName, is_typing: event.isTyping },
          }),
          exceptUser: event.user.id,
          droppable: true,
        };
      case 'presence.changed':
        return {
          frame: (): PresenceChangedFrame => ({
            event: 'presence',
            data: { user_id: event.user.id, user_name: event.user.fullName, status: event.status },
          }),
          exceptUser: event.user.id,
          droppable: true,
        };
      default:
        return undefined;
    }
  },

  error({ message }, frame): ErrorFrame {
    const id = frame && 'conversation_id' in frame ? frame.conversation_id : undefined;
    return { event: 'error', message, ...(isConversationName(id) ? { conversation_id: id } : {}) };
  },
};

function onMessage(name: MessageFrame['event'], { conversation, message, offset }: MessageEvent): Presentation {
  return {
    frame: (extensions): MessageFrame => ({
      event: name,
      conversation_id: conversation.id,
      data: toMessageData(conversation.id, message),
      ...offsetKey(extensions, offset),
    }),
  };
}
