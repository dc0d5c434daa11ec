import type { Conversation, Heard } from './ledger.js';

// oxlint-disable-next-line typescript/no-explicit-any -- frames are looked into as they come
export type Frame = any;

/** What a frame tells a client, as far as the ledger is concerned. */
export type Told =
  | { readonly kind: 'heard'; readonly conversation: string; readonly heard: Omit<Heard, 'at'> }
  | { readonly kind: 'entered'; readonly conversation: string; readonly offset: number; readonly recovered: boolean }
  | { readonly kind: 'acknowledged'; readonly messageId: string; readonly offset: number; readonly content: string }
  | { readonly kind: 'error'; readonly why: string };

/** How clients of a dialect with raw websockets talk. */
export interface Speech {
  readonly dialect: 'flat' | 'tribe' | 'channels' | 'pets';
  /** Where they connect, with the extensions that a ledger needs. */
  readonly path: string;
  /** Whether a client is told what its own user says on another connection. */
  readonly hearsOwn: boolean;
  /** Whether it hears its conversations before it enters them. */
  readonly entersUnasked: boolean;
  enter(conversation: Conversation, since: number, userId: string): object;
  /** Where the dialect has no frame for it, messages go by REST. */
  send?(conversation: Conversation, content: string, clientMessageId: string, userId: string): object;
  understand(frame: Frame): Told | undefined;
}

const flat: Speech = {
  dialect: 'flat',
  path: '/ws?ext=ack,resume,edits',
  hearsOwn: false, // not what the same connection sent
  entersUnasked: true,
  enter: ({ id }, since) => ({ event: 'resume', conversation_id: id, since }),
  send: ({ id }, content, name) => ({ conversation_id: id, content, client_message_id: name }),
  understand({ event, conversation_id: conversation, message, content, offset, recovered }) {
    if (event === 'resumed') return { kind: 'entered', conversation, offset, recovered };
    if (event === 'ack') return { kind: 'acknowledged', messageId: message.id, offset, content: message.content };
    if (event === 'error') return { kind: 'error', why: message };
    return content === undefined ? undefined : { kind: 'heard', conversation, heard: { offset, content } };
  },
};

const tribe: Speech = {
  dialect: 'tribe',
  path: '/api/v1/ws?dialect=tribe&ext=resume,edits',
  hearsOwn: false,
  entersUnasked: false,
  enter: ({ id }, since) => ({ event: 'subscribe', channel: 'conversation', conversation_id: id, since }),
  understand({ event, conversation_id: conversation, data, message, offset, recovered }) {
    if (event === 'subscribed') return { kind: 'entered', conversation, offset, recovered };
    if (event === 'error') return { kind: 'error', why: message };
    if (event !== 'message.new' && event !== 'message.updated') return undefined;
    return { kind: 'heard', conversation, heard: { offset, content: data.content } };
  },
};

const channels: Speech = {
  dialect: 'channels',
  path: '/api/v1/ws?dialect=channels&ext=resume',
  hearsOwn: true,
  entersUnasked: false,
  enter: ({ id, slug }, since) => ({ type: 'join_channel', channel_id: slug ?? id, since }),
  understand({ type, channel_id: conversation, data, message, offset, recovered }) {
    if (type === 'channel_joined') return { kind: 'entered', conversation, offset, recovered };
    if (type === 'error') return { kind: 'error', why: message };
    if (type !== 'new_message' && type !== 'message_updated') return undefined;
    return { kind: 'heard', conversation, heard: { offset, content: data.content } };
  },
};

const pets: Speech = {
  dialect: 'pets',
  path: '/ws/?ext=ack,resume,edits',
  hearsOwn: true,
  entersUnasked: true,
  enter: ({ id }, since, userId) => ({
    sender_id: userId,
    event: 'subscribe_conversation',
    params: { conversation_id: id, since },
  }),
  send: ({ id }, content, name, userId) => ({
    sender_id: userId,
    event: 'message',
    params: { conversation_id: id, content, client_message_id: name },
  }),
  understand({ event, params, offset }) {
    if (event === 'subscribed') {
      const { conversation_id: conversation, offset: newest, recovered } = params;
      return { kind: 'entered', conversation, offset: newest, recovered };
    }
    if (event === 'message_ack') {
      return { kind: 'acknowledged', messageId: params.message.id, offset, content: params.message.content };
    }
    if (event === 'error') return { kind: 'error', why: params.message };
    if (event !== 'message_sent' && event !== 'message_updated') return undefined;
    return { kind: 'heard', conversation: params.conversation_id, heard: { offset, content: params.content } };
  },
};

export const SPEECHES: readonly Speech[] = [flat, tribe, channels, pets];
