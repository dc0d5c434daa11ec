import type { Dialect, Frame, Heard } from './dialect.js';

/** Before the name of an event, marks the answer that its acknowledgement callback got. */
export const ACKNOWLEDGED = 'ack of ';

/** Frames are lists, as they are on the wire: the event and its argument. */
export const socketio: Dialect = {
  name: 'socketio',
  path: '/socket.io',
  extensions: ['edits', 'resume'],
  hears: 'hears the conversations that it joins, and a note of each message to its user.',
  enter: 'Join',
  leave: 'Leave',
  hearsMemberships: false,

  enterFrame: ({ conversation: { number } }, since) => [
    'join_conversation',
    since === undefined ? number : { conversationId: number, since },
  ],
  leaveFrame: ({ conversation: { number } }) => ['leave_conversation', number],
  messageFrame: ({ conversation: { number } }, content, id) => [
    'send_message',
    { conversationId: number, content, client_message_id: id },
  ],
  typingFrame: ({ conversation: { number } }, isTyping) => [
    isTyping ? 'typing_start' : 'typing_stop',
    { conversationId: number },
  ],
  readFrame: ({ conversation: { number } }) => ['mark_read', { conversationId: number }],

  nameOf: ([event]) => event,

  hear([event, data], question) {
    switch (event) {
      case 'new_message':
      case 'message_notification':
        return { kind: 'message', conversation: data.conversation_id, id: data.id, offset: data.offset };
      case 'message_updated':
        return {
          kind: 'edited',
          conversation: data.conversation_id,
          id: data.id,
          content: data.content,
          offset: data.offset,
        };
      case 'message_deleted':
        return { kind: 'deleted', conversation: data.conversation_id, id: data.id, offset: data.offset };
      case 'messages_read':
        return { kind: 'read', conversation: data.conversationId };
      case 'typing_start':
      case 'typing_stop':
        return {
          kind: 'typing',
          conversation: data.conversationId,
          user: data.userId,
          isTyping: event === 'typing_start',
        };
      case 'error':
        return { kind: 'refused', message: data.message };
      default:
        return question && acknowledged(question, data);
    }
  },
};

function acknowledged([event, asked]: [string, Frame?], answer: Frame): Heard {
  const conversation = asked?.conversationId ?? asked;
  if (!answer.ok) return { kind: 'refused', message: answer.error };
  switch (event) {
    case 'join_conversation':
      return { kind: 'entered', conversation, offset: answer.offset, recovered: answer.recovered, answers: 'enter' };
    case 'leave_conversation':
      return { kind: 'left', conversation };
    case 'send_message':
      return {
        kind: 'message',
        conversation: answer.message.conversation_id,
        id: answer.message.id,
        offset: answer.message.offset,
        answers: 'message',
      };
    case 'mark_read':
      return { kind: 'read', conversation };
    default:
      return { kind: 'answered', answers: 'other' };
  }
}
