import type { Dialect, Scene } from './dialect.js';

export const channels: Dialect = {
  name: 'channels',
  path: '/api/v1/ws',
  extensions: ['resume'],
  hears: 'hears the channels that it joins, what its own user sends too.',
  enter: 'Join',
  leave: 'Leave',
  hearsMemberships: false,

  enterFrame: (scene, since) => ({
    type: 'join_channel',
    channel_id: channelId(scene),
    ...(since !== undefined && { since }),
  }),
  leaveFrame: (scene) => ({ type: 'leave_channel', channel_id: channelId(scene) }),
  pingFrame: () => ({ type: 'ping' }),
  post: (scene, content) => ['/messages', { channel_id: channelId(scene), content }],

  nameOf: (frame) => frame.type,

  hear({ type, channel_id: conversation, data, message, offset, recovered }) {
    switch (type) {
      case 'new_message':
        return { kind: 'message', conversation, id: data.id, offset };
      case 'message_updated':
        return { kind: 'edited', conversation, id: data.id, content: data.content, offset };
      case 'message_deleted':
        return { kind: 'deleted', conversation, id: data.id, offset };
      case 'channel_joined':
        return { kind: 'entered', conversation, offset, recovered, answers: 'enter' };
      case 'channel_left':
        return { kind: 'left', conversation };
      case 'pong':
        return { kind: 'answered', answers: 'ping' };
      case 'error':
        return { kind: 'refused', message };
      default:
        return undefined;
    }
  },
};

const channelId = ({ conversation: { slug, id } }: Scene): string => slug ?? id;
