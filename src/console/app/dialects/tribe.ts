import type { Dialect } from './dialect.js';

export const tribe: Dialect = {
  name: 'tribe',
  path: '/api/v1/ws',
  extensions: ['edits', 'resume'],
  hears: 'hears the conversations to which it subscribes, but not what its own user sends.',
  enter: 'Subscribe',
  leave: 'Unsubscribe',
  hearsMemberships: false,
  leavesUnanswered: true,

  enterFrame: ({ conversation }, since) => ({
    event: 'subscribe',
    channel: 'conversation',
    conversation_id: conversation.id,
    ...(since !== undefined && { since }),
  }),
  leaveFrame: ({ conversation }) => ({ event: 'unsubscribe', conversation_id: conversation.id }),
  typingFrame: ({ conversation }, isTyping) => ({
    event: 'typing',
    conversation_id: conversation.id,
    is_typing: isTyping,
  }),
  presenceFrame: (status) => ({ event: 'presence', status }),
  pingFrame: () => ({ event: 'ping' }),

  nameOf: (frame) => frame.event,

  hear({ event, conversation_id: conversation, data, message, offset, recovered }) {
    switch (event) {
      case 'message.new':
        return { kind: 'message', conversation, id: data.id, offset };
      case 'message.updated':
        return { kind: 'edited', conversation, id: data.id, content: data.content, offset };
      case 'message.deleted':
        return { kind: 'deleted', conversation, id: data.id, offset };
      case 'subscribed':
        return { kind: 'entered', conversation, offset, recovered, answers: 'enter' };
      case 'typing':
        return { kind: 'typing', conversation, user: data.user_name, isTyping: data.is_typing };
      case 'presence':
        return { kind: 'presence', name: data.user_name, status: data.status };
      case 'pong':
        return { kind: 'answered', answers: 'ping' };
      case 'error':
        return { kind: 'refused', message };
      default:
        return undefined;
    }
  },
};
