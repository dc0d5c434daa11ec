import { type DomainError, invalid } from '../../common/errors.js';
import type { ConsultationOpened, DomainEvent, MessageEvent } from '../../realtime/events.js';
import { onlyWithEdits } from '../../realtime/edits.js';
import { offsetKey } from '../../realtime/resuming.js';
import type { Dialect, Presentation } from '../dialect.js';
import {
  type ConversationCreatedFrame,
  envelop,
  type ErrorFrame,
  frames,
  type InvitationFrame,
  type MessageDeletedFrame,
  type MessageSentFrame,
  type MessageUpdatedFrame,
  toConversationData,
  toMessageData,
  toUserData,
  type UserJoinedFrame,
  type UserLeftFrame,
} from './pets.frames.js';

type MessageFrame = MessageSentFrame | MessageUpdatedFrame | MessageDeletedFrame;

/** `pets.md`: enveloped frames, for every conversation that the user takes part in. */
export const pets: Dialect = {
  name: 'pets',
  path: '/ws/',
  memberships: 'entered',
  headerAuth: false,
  frames,

  recognises: (frame) => 'event' in frame && 'params' in frame,

  eventOf: ({ event }) => (typeof event === 'string' ? event : undefined),

  vet({ sender_id: senderId, params }, { id }): void {
    if (typeof senderId !== 'string' || senderId.toLowerCase() !== id) {
      throw invalid('sender_id must be the id of the user who is connected');
    }
    if (typeof params !== 'object' || params === null || Array.isArray(params)) {
      throw invalid('params must be an object');
    }
  },

  present(event: DomainEvent): Presentation | undefined {
    switch (event.type) {
      case 'message.created':
        return onMessage('message_sent', event);
      case 'message.edited':
        return onlyWithEdits(onMessage('message_updated', event));
      case 'message.deleted':
        return onlyWithEdits(onMessage('message_deleted', event));
      case 'consultation.opened':
        return { frame: () => toOpenedFrame(event), exceptConnection: event.origin };
      case 'occupant.joined': {
        const { user, conversation, at } = event;
        return onUser(user.id, envelop('user_joined', toUserData(user, conversation, at)));
      }
      case 'occupant.left': {
        const { user, conversation, at, reason } = event;
        return onUser(user.id, envelop('user_left', { ...toUserData(user, conversation, at), reason }));
      }
      default:
        return undefined;
    }
  },

  error: ({ message }: DomainError): ErrorFrame => envelop('error', { message }),
};

function onMessage(name: MessageFrame['event'], { conversation, message, offset }: MessageEvent): Presentation {
  return {
    frame: (extensions): MessageFrame => ({
      ...envelop(name, toMessageData(conversation.id, message)),
      ...offsetKey(extensions, offset),
    }),
  };
}

function toOpenedFrame({ userId, consultation }: ConsultationOpened): ConversationCreatedFrame | InvitationFrame {
  const data = toConversationData(consultation);
  return userId === consultation.createdBy
    ? envelop('conversation_created', data)
    : envelop('new_conversation_invitation', data);
}

/** For the others in the conversation; soon outdated. */
function onUser(userId: string, frame: UserJoinedFrame | UserLeftFrame): Presentation {
  return { frame: () => frame, exceptUser: userId, droppable: true };
}
