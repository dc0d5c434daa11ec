/**
 * The dialects that the console speaks, as their documents describe them: where each connects, what it can send, and what
 * its frames mean. What a dialect has no frame for is not there.
 *
 * `read` tells of a frame `{kind, conversation, ...}`, where `conversation` is its uuid or slug: a `message` was sent,
 * `edited` or `deleted`, the connection has `entered` or `left` a conversation, or the server `refused` a frame.
 */
export const DIALECTS = {
  flat: {
    // Its socket tells a sender nothing, unless asked for acknowledgements.
    path: '/ws?ext=ack',
    hears: 'hears every conversation that you take part in.',
    enter: 'Take part',
    leave: 'Leave',
    message: ({ id }, content) => ({ conversation_id: id, content, type: 'text' }),
    read(frame) {
      if (frame.event === 'error') return { kind: 'refused', message: frame.message };
      if (frame.event === 'ack') return { ...this.read(frame.message), kind: 'message' };
      if (!frame.conversation_id || !frame.sender_id) return undefined;
      const kind = frame.is_deleted ? 'deleted' : frame.is_edited ? 'edited' : 'message';
      return { kind, conversation: frame.conversation_id, id: frame.id, content: frame.content };
    },
  },

  tribe: {
    // Its document has no edits, so they are asked for.
    path: '/api/v1/ws?ext=edits',
    hears: 'hears the conversations that it subscribes to, but not your own messages.',
    enter: 'Subscribe',
    leave: 'Unsubscribe',
    enterFrame: ({ id }) => ({ event: 'subscribe', channel: 'conversation', conversation_id: id }),
    leaveFrame: ({ id }) => ({ event: 'unsubscribe', conversation_id: id }),
    // Unsubscribing has no answer.
    leavesUnanswered: true,
    ping: { event: 'ping' },
    read({ event, conversation_id: conversation, data, message }) {
      switch (event) {
        case 'message.new':
          return { kind: 'message', conversation };
        case 'message.updated':
          return { kind: 'edited', conversation, id: data.id, content: data.content };
        case 'message.deleted':
          return { kind: 'deleted', conversation, id: data.id };
        case 'subscribed':
          return { kind: 'entered', conversation };
        case 'error':
          return { kind: 'refused', message };
        default:
          return undefined;
      }
    },
  },

  channels: {
    path: '/api/v1/ws',
    hears: 'hears the channels that it joins, your own messages too.',
    enter: 'Join',
    leave: 'Leave',
    enterFrame: (conversation) => ({ type: 'join_channel', channel_id: channelId(conversation) }),
    leaveFrame: (conversation) => ({ type: 'leave_channel', channel_id: channelId(conversation) }),
    ping: { type: 'ping' },
    // The document's own route for sending; the others use the one of conversations.
    post: (conversation, content) => ['/messages', { channel_id: channelId(conversation), content }],
    read({ type, channel_id: conversation, data, message }) {
      switch (type) {
        case 'new_message':
          return { kind: 'message', conversation };
        case 'message_updated':
          return { kind: 'edited', conversation, id: data.id, content: data.content };
        case 'message_deleted':
          return { kind: 'deleted', conversation, id: data.id };
        case 'channel_joined':
          return { kind: 'entered', conversation };
        case 'channel_left':
          return { kind: 'left', conversation };
        case 'error':
          return { kind: 'refused', message };
        default:
          return undefined;
      }
    },
  },
};

const channelId = ({ slug, id }) => slug ?? id;
