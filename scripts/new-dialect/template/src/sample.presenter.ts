import type { Dialect, DomainEvent, Presentation } from 'parlance';
import { type ErrorFrame, frames, type SaidFrame } from './sample.frames.js';

/** How what happens looks to clients of `sample`. */
export const sampleDialect: Dialect = {
  name: 'sample',
  path: '/sample',
  memberships: 'entered',
  headerAuth: false,
  frames,

  recognises: (frame) => 'type' in frame,

  eventOf: ({ type }) => (typeof type === 'string' ? type : undefined),

  present(event: DomainEvent): Presentation | undefined {
    switch (event.type) {
      case 'message.created':
        return {
          frame: (): SaidFrame => ({
            type: 'said',
            conversation: event.conversation.id,
            id: event.message.id,
            sender: event.message.sender.username,
            text: event.message.content,
            at: event.message.createdAt,
          }),
          exceptConnection: event.origin,
        };
      default:
        return undefined;
    }
  },

  error: ({ message }): ErrorFrame => ({ type: 'error', message }),
};
