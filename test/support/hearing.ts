import type { Person } from './person.js';
import { SocketIoClient } from './socketio.js';
import type { Frame, Socket } from './socket.js';

/** A conversation by the names that clients give it. */
export interface Named {
  readonly id: string;
  readonly number: number;
}

/** What someone heard of a message: that it was sent, or what it was changed to. */
export type Heard = `new ${string}` | `edited ${string}`;

/** A client of any dialect, for tests that treat them alike. */
export interface Client {
  enter(conversation: Named): void;
  leave(conversation: Named): void;
  /** What arrived before the answer to a frame sent now. */
  untilFence(): Promise<Frame[]>;
  close(): Promise<void> | void;
}

/** How a dialect's clients come to hear a conversation, and what they hear of it, as its document and the contract say. */
export interface Hearing {
  readonly dialect: string;
  /** Whether taking part is enough, or the client must enter. */
  readonly entersUnasked: boolean;
  /** Whether the client can enter and leave. */
  readonly canEnter: boolean;
  /** Whether a user hears what that user sends. */
  readonly hearsOwn: boolean;
  open(person: Person): Promise<Client>;
  /** What a frame tells of a message, if it tells of one. */
  heardIn(frame: Frame): Heard | undefined;
}

const raw = (
  socket: Socket,
  frames: { enter?(conversation: Named): object; leave?(conversation: Named): object } = {},
): Client => ({
  enter: (conversation) => frames.enter && socket.send(frames.enter(conversation)),
  leave: (conversation) => frames.leave && socket.send(frames.leave(conversation)),
  untilFence: () => socket.untilFence(),
  close: () => socket.close(),
});

export const flat: Hearing = {
  dialect: 'flat',
  entersUnasked: true,
  canEnter: false,
  hearsOwn: true,
  open: async (person) => raw(await person.flat()),
  heardIn: ({ content, is_edited }) => content && (is_edited ? `edited ${content}` : `new ${content}`),
};

export const tribe: Hearing = {
  dialect: 'tribe',
  entersUnasked: false,
  canEnter: true,
  hearsOwn: false,
  open: async (person) =>
    raw(await person.tribe('ext=edits'), {
      enter: ({ id }) => ({ event: 'subscribe', channel: 'conversation', conversation_id: id }),
      leave: ({ id }) => ({ event: 'unsubscribe', conversation_id: id }),
    }),
  heardIn({ event, data }) {
    if (event === 'message.new') return `new ${data.content}`;
    return event === 'message.updated' ? `edited ${data.content}` : undefined;
  },
};

export const channels: Hearing = {
  dialect: 'channels',
  entersUnasked: false,
  canEnter: true,
  hearsOwn: true,
  open: async (person) =>
    raw(await person.channels(), {
      enter: ({ id }) => ({ type: 'join_channel', channel_id: id }),
      leave: ({ id }) => ({ type: 'leave_channel', channel_id: id }),
    }),
  heardIn({ type, data }) {
    if (type === 'new_message') return `new ${data.content}`;
    return type === 'message_updated' ? `edited ${data.content}` : undefined;
  },
};

export const socketio: Hearing = {
  dialect: 'socketio',
  entersUnasked: false,
  canEnter: true,
  hearsOwn: true,
  async open(person) {
    const client = await SocketIoClient.open(person.url, { auth: { token: person.token, ext: 'edits' } });
    return {
      enter: ({ number }) => client.emit('join_conversation', number),
      leave: ({ number }) => client.emit('leave_conversation', number),
      untilFence: () => client.untilFence(),
      close: () => client.close(),
    };
  },
  heardIn([event, data]) {
    if (event === 'new_message') return `new ${data.content}`;
    return event === 'message_updated' ? `edited ${data.content}` : undefined;
  },
};

export const pets: Hearing = {
  dialect: 'pets',
  entersUnasked: true,
  canEnter: true,
  hearsOwn: true,
  async open(person) {
    const frame = (event: string, id: string): object => ({
      sender_id: person.id,
      event,
      params: { conversation_id: id },
    });
    return raw(await person.pets('ext=edits'), {
      enter: ({ id }) => frame('subscribe_conversation', id),
      leave: ({ id }) => frame('unsubscribe_conversation', id),
    });
  },
  heardIn({ event, params }) {
    if (event === 'message_sent') return `new ${params.content}`;
    return event === 'message_updated' ? `edited ${params.content}` : undefined;
  },
};

export const HEARINGS: readonly Hearing[] = [flat, tribe, channels, socketio, pets];
