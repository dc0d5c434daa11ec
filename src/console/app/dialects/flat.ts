import type { Dialect, Frame, Heard } from './dialect.js';

export const flat: Dialect = {
  name: 'flat',
  path: '/ws',
  extensions: ['ack', 'resume'],
  hears: 'hears every conversation that its user takes part in, but not what this connection sends.',
  enter: 'Take part',
  leave: 'Leave',
  hearsMemberships: true,

  // There is no frame for entering; but what was missed is asked for by one.
  enterFrame: ({ conversation }, since) =>
    since === undefined ? undefined : { event: 'resume', conversation_id: conversation.id, since },
  messageFrame: ({ conversation }, content, id) => ({
    conversation_id: conversation.id,
    content,
    type: 'text',
    client_message_id: id,
  }),

  nameOf(frame) {
    if (frame.event) return frame.event;
    if ('title' in frame) return 'created';
    return 'message';
  },

  hear(frame) {
    switch (frame.event) {
      case undefined:
        return messageIn(frame, frame.offset);
      case 'ack':
        return { ...messageIn(frame.message, frame.offset)!, answers: 'message' };
      case 'resumed':
        return {
          kind: 'entered',
          conversation: frame.conversation_id,
          offset: frame.offset,
          recovered: frame.recovered,
          answers: 'enter',
        };
      case 'error':
        return { kind: 'refused', message: frame.message };
      default:
        return undefined;
    }
  },
};

/** A notification has no envelope either, and no sender. */
function messageIn(frame: Frame, offset: number | undefined): Heard | undefined {
  if (!frame.conversation_id || !frame.sender_id) return undefined;
  const kind = frame.is_deleted ? 'deleted' : frame.is_edited ? 'edited' : 'message';
  return { kind, conversation: frame.conversation_id, id: frame.id, content: frame.content, offset };
}
