import type { Client, Request } from './generator/client.js';
import { Kind, type Sorter } from './generator/scanner.js';
import type { Conversation, Person } from './world.js';

/** Who is in which conversation. */
export interface Seat {
  readonly person: Person;
  readonly conversation: Conversation;
}

/** How clients of a server speak: what they send, and by which bytes what they hear is told apart. */
export interface Speech extends Sorter {
  request(seat: Seat): Request;
  /** What must still happen, once the socket is open, until the conversation is heard. */
  enter?(client: Client, seat: Seat): Promise<void>;
  /** The frame with which someone sends a message. */
  say(seat: Seat, content: string): string;
  /** What a counted message says; nothing where it says nothing. */
  contentOf(text: string): string | undefined;
  /** Whether a sender is told that a message is stored. */
  readonly acknowledges: boolean;
  /** Whether what one sends, one message behind the other, is heard in that order. */
  readonly keepsOrder: boolean;
}

const [M, N, A, T, U, S] = Array.from('mnatus', (sign) => sign.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
];
const [TWO, THREE, FOUR] = [0x32, 0x33, 0x34];

/** Bytes of a relayed message: those of the reference figures. */
const RELAYED = 250;

const bearer = ({ person }: Seat): string[] => [`Authorization: Bearer ${person.token}`];

/** A sign that tells messages, acknowledgements and everything else apart. */
function bySign(index: number, message: number, ack?: number): Sorter {
  return {
    peek: index + 1,
    sort(bytes, at, size) {
      if (size <= index) return Kind.OTHER;
      const sign = bytes[at + index];
      if (sign === message) return Kind.MESSAGE;
      return sign === ack ? Kind.ACK : Kind.OTHER;
    },
  };
}

/** A message of {@link RELAYED} bytes, for servers that pass on what they get. */
function relayed({ conversation }: Seat, content: string): string {
  const text = JSON.stringify({ conversation_id: conversation.id, content, padding: '' });
  return `${text.slice(0, -2)}${'.'.repeat(Math.max(0, RELAYED - text.length))}"}`;
}

const relayPath = ({ person, conversation }: Seat): Request => ({
  path: `/?group=${conversation.id}&user=${person.id}`,
});

/** A server that passes on to the others of a group what it gets. */
export const relay: Speech = {
  peek: 0,
  sort: () => Kind.MESSAGE,
  request: relayPath,
  say: relayed,
  contentOf: (text) => (JSON.parse(text) as { content: string }).content,
  acknowledges: false,
  keepsOrder: true,
};

/** Nest's own adapter: `{event, data}`. Messages are `message`, acknowledgements `ack`. */
function nest(acknowledges: boolean): Speech {
  return {
    ...bySign('{"event":"'.length, M, A),
    request: relayPath,
    say: (seat, content) =>
      `{"event":"message","data":${acknowledges ? sendFrame(seat, content) : relayed(seat, content)}}`,
    contentOf: (text) => (JSON.parse(text) as { data: { content: string } }).data.content,
    acknowledges,
    keepsOrder: !acknowledges, // inserts of several sessions overtake each other
  };
}

export const nestRelay = nest(false);
export const nestStoring = nest(true);

/** Engine.IO and Socket.IO, by websocket. */
function socketIo(over: Pick<Speech, 'request' | 'enter' | 'say'>): Speech {
  const greeting = '42["'.length;
  return {
    peek: greeting + 1,
    sort(bytes, at, size) {
      if (bytes[at] !== FOUR || size <= greeting) return Kind.OTHER; // those of Engine.IO
      if (bytes[at + 1] === TWO) return bytes[at + greeting] === N ? Kind.MESSAGE : Kind.OTHER;
      return bytes[at + 1] === THREE ? Kind.ACK : Kind.OTHER;
    },
    contentOf: (text) => (JSON.parse(text.slice(2)) as [string, { content: string }])[1].content,
    acknowledges: false,
    keepsOrder: true,
    ...over,
  };
}

/** A plain Socket.IO server that puts everyone into the room that the address names. */
export const socketIoRoom = socketIo({
  request: (seat) => ({ path: `/socket.io/?EIO=4&transport=websocket&${relayPath(seat).path.slice(2)}` }),
  async enter(client) {
    await client.next();
    client.send('40');
    await client.next();
  },
  say: (seat, content) => `42["message",${relayed(seat, content)}]`,
});

function sendFrame({ conversation }: Seat, content: string): string {
  return `{"conversation_id":"${conversation.id}","content":"${content}"}`;
}

/** `flat`, with acknowledgements; the hand-written pipeline speaks it too. */
export const flat: Speech = {
  peek: '{"event":"a'.length,
  sort(bytes, at) {
    if (bytes[at + 2] === 0x69) return Kind.MESSAGE; // {"id"
    return bytes[at + 10] === A ? Kind.ACK : Kind.OTHER;
  },
  request: (seat) => ({ path: '/ws?ext=ack', headers: bearer(seat) }),
  say: sendFrame,
  contentOf: (text) => (JSON.parse(text) as { content?: string }).content,
  acknowledges: true,
  keepsOrder: true,
};

export const pipeline: Speech = { ...flat, request: relayPath };

/** `tribe`, which hears only. */
export const tribe: Speech = {
  ...bySign('{"event":"'.length, M),
  request: ({ person }) => ({ path: `/api/v1/ws?token=${person.token}` }),
  async enter(client, { conversation }) {
    await client.next();
    client.send(`{"event":"subscribe","channel":"conversation","conversation_id":"${conversation.id}"}`);
    await client.next();
  },
  say: () => '',
  contentOf: (text) => (JSON.parse(text) as { data: { content: string } }).data.content,
  acknowledges: false,
  keepsOrder: true,
};

/** `tribe`, saying and hearing that someone types: what nobody stores. */
export const typing: Speech = {
  ...tribe,
  ...bySign('{"event":"'.length, T),
  say: ({ conversation }) => `{"event":"typing","conversation_id":"${conversation.id}","is_typing":true}`,
  contentOf: () => undefined,
};

/** `channels`, which hears only. */
export const channels: Speech = {
  ...bySign('{"type":"'.length, N),
  request: (seat) => ({ path: `/api/v1/ws?channel_id=${seat.conversation.id}`, headers: bearer(seat) }),
  async enter(client) {
    await client.next();
  },
  say: () => '',
  contentOf: (text) => (JSON.parse(text) as { data: { content: string } }).data.content,
  acknowledges: false,
  keepsOrder: true,
};

/** `pets`, used for hearing only. That someone comes or goes is told to everyone, and is noise. */
export const pets: Speech = {
  peek: 70,
  sort(bytes, at, size) {
    if (size < 70 || bytes[at + 61] === U) return size < 70 ? Kind.OTHER : Kind.NOISE;
    return bytes[at + 61] === M && bytes[at + 69] === S ? Kind.MESSAGE : Kind.OTHER;
  },
  request: (seat) => ({ path: '/ws/', headers: bearer(seat) }),
  say: () => '',
  contentOf: (text) => (JSON.parse(text) as { params: { content: string } }).params.content,
  acknowledges: false,
  keepsOrder: true,
};

/** `socketio`, which hears only. */
export const socketio = socketIo({
  request: () => ({ path: '/socket.io/?EIO=4&transport=websocket' }),
  async enter(client, { person, conversation }) {
    await client.next();
    client.send(`40{"token":"${person.token}"}`);
    await client.next();
    client.send(`420["join_conversation","${conversation.id}"]`);
    await client.acknowledgement();
  },
  say: () => '',
});
