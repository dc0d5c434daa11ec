import type { Dialect, Frame, Scene } from './dialect.js';

export const pets: Dialect = {
  name: 'pets',
  path: '/ws/',
  extensions: ['ack', 'edits', 'resume'],
  hears: 'hears every conversation of its user, what the user sends too, and who comes and goes.',
  enter: 'Subscribe',
  leave: 'Unsubscribe',
  hearsMemberships: true,

  enterFrame: (scene, since) =>
    envelop(scene, 'subscribe_conversation', { ...named(scene), ...(since !== undefined && { since }) }),
  leaveFrame: (scene) => envelop(scene, 'unsubscribe_conversation', named(scene)),
  messageFrame: (scene, content, id) => envelop(scene, 'message', { ...named(scene), content, client_message_id: id }),

  nameOf: (frame) => frame.event,

  hear({ event, params, offset }) {
    switch (event) {
      case 'message_sent':
        return { kind: 'message', conversation: params.conversation_id, id: params.id, offset };
      case 'message_ack': {
        const { conversation_id: conversation, id } = params.message;
        return { kind: 'message', conversation, id, offset, answers: 'message' };
      }
      case 'message_updated':
        return { kind: 'edited', conversation: params.conversation_id, id: params.id, content: params.content, offset };
      case 'message_deleted':
        return { kind: 'deleted', conversation: params.conversation_id, id: params.id, offset };
      case 'subscribed':
        return {
          kind: 'entered',
          conversation: params.conversation_id,
          offset: params.offset,
          recovered: params.recovered,
          answers: 'enter',
        };
      case 'unsubscribed':
        return { kind: 'left', conversation: params.conversation_id };
      case 'user_joined':
        return { kind: 'presence', conversation: params.conversation_id, name: params.display_name, status: 'here' };
      case 'user_left':
        return {
          kind: 'presence',
          conversation: params.conversation_id,
          name: params.display_name,
          status: params.reason,
        };
      case 'error':
        return { kind: 'refused', message: params.message };
      default:
        return undefined;
    }
  },
};

const named = ({ conversation }: Scene) => ({ conversation_id: conversation.id });

function envelop({ me }: Scene, event: string, params: object): Frame {
  return { sender_id: me.id, event, params };
}
