import type { DomainEvent, MessageEvent } from '../../realtime/events.js';
import { offsetKey } from '../../realtime/resuming.js';
import type { Dialect, Presentation } from '../dialect.js';
import {
  channelIdOf,
  type ErrorFrame,
  frames,
  type MessageDeletedFrame,
  type MessageUpdatedFrame,
  type NewMessageFrame,
  toDeletedMessageData,
  toMessageData,
} from './channels.frames.js';

type MessageFrame = NewMessageFrame | MessageUpdatedFrame | MessageDeletedFrame;

/** `channels.md`: typed frames with the time, for everyone in a channel, the sender too. */
export const channels: Dialect = {
  name: 'channels',
  path: '/api/v1/ws',
  memberships: 'ignored',
  headerAuth: true,
  frames,

  claims: ({ credentials, query }) => credentials.userEmail.length > 0 || query.has('channel_id'),

  recognises: (frame) => 'type' in frame && !('event' in frame),

  eventOf: ({ type }) => (typeof type === 'string' ? type : undefined),

  present(event: DomainEvent): Presentation | undefined {
    switch (event.type) {
      case 'message.created': {
        const { conversation, message } = event;
        const data = toMessageData(conversation, message);
        return onMessage(event, { type: 'new_message', ...heading(event, message.createdAt), data });
      }
      case 'message.edited': {
        const { conversation, message } = event;
        const data = toMessageData(conversation, message);
        return onMessage(event, { type: 'message_updated', ...heading(event, message.editedAt), data });
      }
      case 'message.deleted': {
        const { conversation, message } = event;
        const data = toDeletedMessageData(conversation, message);
        return onMessage(event, { type: 'message_deleted', ...heading(event, message.deletedAt), data });
      }
      default:
        return undefined;
    }
  },

  error: ({ message }): ErrorFrame => ({ type: 'error', message, timestamp: new Date().toISOString() }),
};

/** Where it happened, and when. */
function heading(
  { conversation, message }: MessageEvent,
  time: string | null,
): { channel_id: string; timestamp: string } {
  return { channel_id: channelIdOf(conversation), timestamp: time ?? message.createdAt };
}

function onMessage({ offset }: MessageEvent, frame: MessageFrame): Presentation {
  return { frame: (extensions): MessageFrame => ({ ...frame, ...offsetKey(extensions, offset) }) };
}
