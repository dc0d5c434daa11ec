import { io, type Socket } from 'socket.io-client';
import type { Frame } from '../dialects/dialect.js';
import { ACKNOWLEDGED } from '../dialects/socketio.js';
import { closingOf, SIGNED_OUT } from './closings.js';
import { type Address, type Closing, parse, type Wire, type WireListener } from './wire.js';

const REFUSED = new Set([400, 401, 403]);

/** A Socket.IO connection, whose frames are shown as lists: an event and its arguments. Coming back is its owner's part. */
export class SocketIoWire implements Wire {
  readonly #socket: Socket;

  constructor(
    { path, extensions, token }: Address,
    private readonly listener: WireListener,
  ) {
    this.#socket = io(location.origin, {
      path,
      auth: { token, ext: extensions.join(',') },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    this.#socket.on('connect', () => listener.opened());
    this.#socket.on('connect_error', (error) => listener.closed(refusalOf(error)));
    this.#socket.on('disconnect', (reason, details) => listener.closed(endingOf(reason, details)));
    this.#socket.onAny((...frame) => this.#heard(frame));
  }

  send(text: string): void {
    const frame = parse(text);
    if (!Array.isArray(frame) || typeof frame[0] !== 'string') {
      throw new Error('Socket.IO takes a list: an event, and its argument.');
    }
    const [event, ...args] = frame as [string, ...unknown[]];
    this.listener.framed({ direction: 'out', text, frame });
    this.#socket.emit(event, ...args, (...answer: unknown[]) =>
      this.#heard([`${ACKNOWLEDGED}${event}`, ...answer], frame),
    );
  }

  close(): void {
    this.#socket.off().offAny().disconnect();
  }

  #heard(frame: Frame, question?: Frame): void {
    this.listener.framed({ direction: 'in', text: JSON.stringify(frame), frame, question });
  }
}

function refusalOf(error: Error): Closing {
  const { status } = (error as Error & { data?: { status?: number } }).data ?? {};
  if (status === undefined) return { words: 'The server cannot be reached.', isFinal: false };
  return { words: `The server refused the connection (${status}): ${error.message}.`, isFinal: REFUSED.has(status) };
}

/** Of who is signed out, or sends bad events without end, the server itself takes leave. */
function endingOf(reason: Socket.DisconnectReason, details: unknown): Closing {
  if (reason === 'io server disconnect') return closingOf(SIGNED_OUT, '');
  const { code = 1006 } = (details as { context?: { code?: number } } | undefined)?.context ?? {};
  return closingOf(code, '');
}
