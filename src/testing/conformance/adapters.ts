import { randomUUID } from 'node:crypto';
import type { Person } from '../person.js';
import type { Socket } from '../socket.js';
import type { Emitted, SocketIoClient } from '../socketio.js';
import type { ClientAdapter, Heard } from './adapter.js';

const EXTENSIONS = 'ack,resume,edits';

/** Frames that are nonsense to every dialect of JSON objects. */
const NONSENSE = ['not JSON', '[]', 'null', '"text"', '{}', '{"event":7}', Buffer.from([0, 1])].map(
  (text) => (socket: Socket) => socket.raw.send(text),
);

const told = (kind: 'new' | 'edited', content: string): Heard => `${kind} ${content}`;

export const flat: ClientAdapter<Socket> = {
  dialect: 'flat',
  entersUnasked: true,
  hearsOwn: true,
  nonsense: NONSENSE,
  open: (person) => person.flat(`ext=${EXTENSIONS}`),
  async say(socket, { id }, content) {
    const client_message_id = randomUUID();
    socket.send({ conversation_id: id, content, client_message_id });
    await socket.expectFrame({ event: 'ack', client_message_id });
  },
  resume: (socket, { id }, since) => socket.send({ event: 'resume', conversation_id: id, since }),
  heardIn: ({ content, is_edited }) => content && told(is_edited ? 'edited' : 'new', content),
  offsetIn: ({ offset }) => offset,
  refusalIn: ({ event, message }) => (event === 'error' ? message : undefined),
};

export const tribe: ClientAdapter<Socket> = {
  dialect: 'tribe',
  entersUnasked: false,
  hearsOwn: false,
  nonsense: NONSENSE,
  open: (person) => person.tribe(`ext=${EXTENSIONS}`),
  enter: (socket, { id }, since) =>
    socket.send({ event: 'subscribe', channel: 'conversation', conversation_id: id, since }),
  leave: (socket, { id }) => socket.send({ event: 'unsubscribe', conversation_id: id }),
  heardIn({ event, data }) {
    if (event === 'message.new') return told('new', data.content);
    return event === 'message.updated' ? told('edited', data.content) : undefined;
  },
  offsetIn: ({ offset }) => offset,
  refusalIn: ({ event, message }) => (event === 'error' ? message : undefined),
};

export const channels: ClientAdapter<Socket> = {
  dialect: 'channels',
  entersUnasked: false,
  hearsOwn: true,
  nonsense: NONSENSE,
  open: (person) => person.speak('channels', `/api/v1/ws?dialect=channels&ext=${EXTENSIONS}`),
  enter: (socket, { id }, since) => socket.send({ type: 'join_channel', channel_id: id, since }),
  leave: (socket, { id }) => socket.send({ type: 'leave_channel', channel_id: id }),
  heardIn({ type, data }) {
    if (type === 'new_message') return told('new', data.content);
    return type === 'message_updated' ? told('edited', data.content) : undefined;
  },
  offsetIn: ({ offset }) => offset,
  refusalIn: ({ type, message }) => (type === 'error' ? message : undefined),
};

export const socketio: ClientAdapter<SocketIoClient, Emitted> = {
  dialect: 'socketio',
  entersUnasked: false,
  hearsOwn: true,
  nonsense: [(client) => client.emit('send_message', { content: 7 }), (client) => client.emit('join_conversation', [])],
  open: (person) => person.socketio({ auth: { token: person.token, ext: EXTENSIONS }, transports: ['websocket'] }),
  enter: (client, { number }, since) => client.emit('join_conversation', { conversationId: number, since }),
  leave: (client, { number }) => client.emit('leave_conversation', number),
  async say(client, { number }, content) {
    const answer = await client.ask('send_message', { conversationId: number, content });
    if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer)}`);
  },
  heardIn([event, data]) {
    if (event === 'new_message') return told('new', data.content);
    return event === 'message_updated' ? told('edited', data.content) : undefined;
  },
  offsetIn: ([, data]) => data.offset,
  refusalIn: ([event, data]) => (event === 'error' ? data.message : undefined),
};

/** A user's envelope for the frames of `pets`: it names the sender. */
const petsSenders = new WeakMap<Socket, string>();

export const pets: ClientAdapter<Socket> = {
  dialect: 'pets',
  entersUnasked: true,
  hearsOwn: true,
  nonsense: NONSENSE,
  async open(person: Person) {
    const socket = await person.pets(`ext=${EXTENSIONS}`);
    petsSenders.set(socket, person.id);
    return socket;
  },
  enter: (socket, { id }, since) => sendPets(socket, 'subscribe_conversation', { conversation_id: id, since }),
  leave: (socket, { id }) => sendPets(socket, 'unsubscribe_conversation', { conversation_id: id }),
  async say(socket, { id }, content) {
    const client_message_id = randomUUID();
    sendPets(socket, 'message', { conversation_id: id, content, client_message_id });
    await socket.expectFrame({ event: 'message_ack', params: { client_message_id } });
  },
  heardIn({ event, params }) {
    if (event === 'message_sent') return told('new', params.content);
    return event === 'message_updated' ? told('edited', params.content) : undefined;
  },
  offsetIn: ({ offset }) => offset,
  refusalIn: ({ event, params }) => (event === 'error' ? params.message : undefined),
};

function sendPets(socket: Socket, event: string, params: object): void {
  socket.send({ sender_id: petsSenders.get(socket), event, params });
}

/** The published dialects of conversations. */
export const ADAPTERS: readonly ClientAdapter[] = [flat, tribe, channels, socketio, pets];
