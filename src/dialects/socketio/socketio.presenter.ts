import type { DomainEvent, MessageEvent } from '../../realtime/events.js';
import { onlyWithEdits } from '../../realtime/edits.js';
import type { Dialect, Frame, Place, Presentation } from '../dialect.js';
import {
  type ErrorData,
  type EventFrame,
  frames,
  toMessageData,
  toMessageNotificationData,
  toMessagesReadData,
  toNotificationData,
  type TypingData,
} from './socketio.frames.js';

/** What precedes an event on the wire: Engine.IO's mark of a message, Socket.IO's of an event in the main namespace. */
const EVENT_PACKET = '42';

/** `socketio.md`: the conversations that a connection joined, and a note of each message to the user, joined or not. */
export const socketio: Dialect = {
  name: 'socketio',
  path: '/socket.io',
  memberships: 'attended',
  headerAuth: false,
  isCarried: true,
  frames,

  recognises: () => true,

  eventOf: ({ event }) => (typeof event === 'string' ? event : undefined),

  present(event: DomainEvent, place: Place): Presentation | undefined {
    if (place === 'attending') return event.type === 'message.created' ? notification(event) : undefined;
    switch (event.type) {
      case 'message.created':
        return onMessage('new_message', event);
      case 'message.edited':
        return onlyWithEdits(onMessage('message_updated', event));
      case 'message.deleted':
        return onlyWithEdits(onMessage('message_deleted', event));
      case 'conversation.read':
        return { frame: () => emitted('messages_read', toMessagesReadData(event)), exceptUser: event.userId };
      case 'typing.changed':
        return {
          frame: () =>
            emitted(event.isTyping ? 'typing_start' : 'typing_stop', {
              conversationId: event.conversation.number,
              userId: event.user.number,
            } satisfies TypingData),
          exceptUser: event.user.id,
          droppable: true,
        };
      case 'notification.created':
        return { frame: () => emitted('new_notification', toNotificationData(event.notification)) };
      default:
        return undefined;
    }
  },

  encode(frame: Frame): string {
    const { event, data } = frame as EventFrame;
    return EVENT_PACKET + JSON.stringify([event, data]);
  },

  error: ({ message }) => emitted('error', { message } satisfies ErrorData),

  refusal: ({ message }) => ({ ok: false, error: message }),
};

function onMessage(name: string, event: MessageEvent): Presentation {
  return { frame: (extensions) => emitted(name, toMessageData(event, extensions)) };
}

function notification(event: MessageEvent): Presentation {
  return {
    frame: (extensions) => emitted('message_notification', toMessageNotificationData(event, extensions)),
    exceptUser: event.message.sender.id,
  };
}

function emitted(event: string, data: object): EventFrame {
  return { event, data };
}
