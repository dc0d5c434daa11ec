import { type ConversationRef, type Dialect, type DomainEvent, offsetKey, type Presentation } from 'parlance';
import { type ErrorFrame, frames, type PollFrame, type SaidFrame } from './lines.frames.js';

/** A line is `EVENT conversation the rest`; a line break within is `\n`, and a backslash `\\`. */
export const lines: Dialect = {
  name: 'lines',
  path: '/lines',
  memberships: 'ignored',
  headerAuth: false,
  frames,

  recognises: () => true,
  eventOf: ({ event }) => event as string,

  decode(line) {
    const [event, conversation, ...words] = line.trim().split(' ');
    const text = words.join(' ').replace(/\\(n|\\)/g, (_, sign) => (sign === 'n' ? '\n' : '\\'));
    return { event, conversation, text, since: text === '' ? undefined : Number(text) };
  },
  encode: (frame) => Object.values(frame).join(' ').replaceAll('\\', '\\\\').replaceAll('\n', '\\n'),

  present(event: DomainEvent): Presentation | undefined {
    switch (event.type) {
      case 'message.created':
        return {
          frame: (extensions): SaidFrame => ({
            event: 'SAID',
            conversation: nameOf(event.conversation),
            ...offsetKey(extensions, event.offset),
            sender: event.message.sender.username.replaceAll(/\s/g, '_'),
            text: event.message.content,
          }),
          exceptConnection: event.origin,
        };
      case 'poll.opened': {
        const frame: PollFrame = { event: 'POLL', conversation: nameOf(event.conversation), question: event.question };
        return { frame: () => frame };
      }
    }
  },

  error: ({ message }): ErrorFrame => ({ event: 'ERROR', reason: message }),
};

export const nameOf = ({ slug, id }: ConversationRef): string => slug ?? id;
