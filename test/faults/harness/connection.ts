import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { checkFrame } from '../../../src/testing/published.js';
import type { Answer, Conversation } from './ledger.js';
import type { Node } from './node.js';
import type { Frame, Speech, Told } from './speech.js';

/** Who connects. */
export interface Identity {
  readonly id: string;
  readonly token: string;
}

/** Where a connection tells what happens to it. */
export interface Ear {
  told(told: Told): void;
  /** It has ended, with the close code or the reason that the client was given. */
  ended(how: string): void;
}

/** One connection of a client, whatever its dialect. */
export interface Connection {
  /** Enters a conversation; what is answered is told to the ear. */
  enter(conversation: Conversation, since: number): void;
  /** Sends a message where the dialect can, and then answers; one at a time. */
  readonly send: ((conversation: Conversation, content: string, name: string) => Promise<Answer>) | undefined;
  close(): void;
}

/** Milliseconds for a handshake; longer than any server should take, so that what hangs is seen as such. */
const HANDSHAKE_TIMEOUT = 10_000;
/** Milliseconds after which a send that stays unanswered on an open connection counts as such. */
export const SILENCE = 15_000;

/** Connects by a raw websocket. @throws with the status where the server refuses */
export async function connectRaw(speech: Speech, node: Node, user: Identity, ear: Ear): Promise<Connection> {
  const headers = { authorization: `Bearer ${user.token}` };
  const socket = new WebSocket(node.wsUrl + speech.path, { headers, handshakeTimeout: HANDSHAKE_TIMEOUT });
  const extensions = new URL(node.wsUrl + speech.path).searchParams.get('ext') ?? '';
  let answer: ((answer: Answer) => void) | undefined;
  const say = (frame: object): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };
  socket.on('message', (data) => {
    const frame: Frame = JSON.parse((data as Buffer).toString());
    checkFrame(speech.dialect, extensions, frame);
    const told = speech.understand(frame);
    if (told?.kind === 'acknowledged') {
      answer?.({ kind: 'acknowledged', messageId: told.messageId, offset: told.offset });
    } else if (told?.kind === 'error' && answer) {
      answer({ kind: 'refused', why: told.why });
    } else if (told) {
      ear.told(told);
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('unexpected-response', (_, { statusCode }) => {
      reject(new Error(`refused with ${statusCode}`));
      socket.terminate();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
  });
  socket.removeAllListeners('close').on('close', (code) => {
    answer?.({ kind: 'lost' });
    ear.ended(String(code));
  });
  return {
    enter: (conversation, since) => say(speech.enter(conversation, since, user.id)),
    send:
      speech.send &&
      (async (conversation, content, name) => {
        if (socket.readyState !== WebSocket.OPEN) return { kind: 'lost' };
        try {
          return await new Promise<Answer>((resolve) => {
            answer = resolve;
            setTimeout(resolve, SILENCE, { kind: 'silence' }).unref();
            say(speech.send!(conversation, content, name, user.id));
          });
        } finally {
          answer = undefined;
        }
      }),
    close: () => socket.close(),
  };
}

/** Connects as Socket.IO's own client does. @throws what its `connect_error` says */
export async function connectSocketIo(node: Node, user: Identity, ear: Ear): Promise<Connection> {
  const auth = { token: user.token, ext: 'resume,edits' };
  const options = { path: '/socket.io', forceNew: true, reconnection: false, transports: ['websocket'], auth };
  const socket = io(node.url, { ...options, timeout: HANDSHAKE_TIMEOUT });
  socket.onAny((event: string, data: Frame) => {
    checkFrame('socketio', auth.ext, data, event);
    if (event !== 'new_message' && event !== 'message_updated') return;
    const { conversation_id: conversation, offset, content } = data;
    ear.told({ kind: 'heard', conversation: String(conversation), heard: { offset, content } });
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', (error) => {
      socket.disconnect();
      reject(error);
    });
  });
  socket.on('disconnect', (reason) => ear.ended(reason));
  return {
    enter({ id, number }, since) {
      socket.emit('join_conversation', { conversationId: number, since }, ({ ok, error, offset, recovered }: Frame) =>
        ear.told(ok ? { kind: 'entered', conversation: id, offset, recovered } : { kind: 'error', why: error }),
      );
    },
    async send({ number }, content, name) {
      if (!socket.connected) return { kind: 'lost' };
      return new Promise<Answer>((resolve) => {
        setTimeout(resolve, SILENCE, { kind: 'silence' }).unref();
        socket.on('disconnect', () => resolve({ kind: 'lost' }));
        const message = { conversationId: number, content, client_message_id: name };
        socket.emit('send_message', message, ({ ok, error, message }: Frame) =>
          resolve(
            ok
              ? { kind: 'acknowledged', messageId: message.id, offset: message.offset }
              : { kind: 'refused', why: error },
          ),
        );
      });
    },
    close: () => void socket.disconnect(),
  };
}
