import { ApiError } from './session.js';
import { within } from './time.js';

/** Milliseconds in which a socket is to open. */
const PATIENCE = 10_000;

/**
 * A session's dashboard socket. `onCheckIn` is called with each frame; `closed` rejects when it ends by itself. The token
 * goes in a subprotocol, since addresses end up in logs.
 */
export class Socket {
  #socket;
  #gone = new AbortController();
  closed;

  constructor(sessionId, token, onCheckIn) {
    const url = new URL(`/ws/dashboard/${sessionId}`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    this.#socket = new WebSocket(url, ['parlance.dashboard', ...(token ? [`bearer.${token}`] : [])]);
    this.#socket.addEventListener('message', ({ data }) => onCheckIn(JSON.parse(data)), { signal: this.#gone.signal });
    this.closed = this.#next('close').then(() => {
      throw new ApiError(0, 'The connection was lost.');
    });
    this.closed.catch(() => {}); // nobody may be waiting
  }

  /** Done when it is open. @throws ApiError */
  async whenOpen() {
    await within(PATIENCE, Promise.race([this.#next('open'), this.closed]));
  }

  /** Nothing is heard of it any more. */
  close() {
    this.#gone.abort();
    this.#socket.close();
  }

  #next(type) {
    return new Promise((done) => this.#socket.addEventListener(type, done, { once: true }));
  }
}
