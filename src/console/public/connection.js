/** The code of a connection whose login has ended, or whose access token has expired. */
export const SIGNED_OUT = 4401;

/**
 * One WebSocket connection in a dialect. Dispatches `open`, `frame` (`detail`: `{direction, text, frame}`, where `frame` is
 * missing if the text is no JSON object) and `close` (`detail`: a plain description).
 */
export class Connection extends EventTarget {
  #socket;
  #opened = false;
  #leaving = false;

  /** The token goes in a subprotocol, since addresses end up in logs and histories. */
  constructor(name, path, token) {
    super();
    const url = new URL(path, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    this.#socket = new WebSocket(url, [`parlance.${name}`, `bearer.${token}`]);
    this.#socket.addEventListener('open', () => {
      this.#opened = true;
      this.dispatchEvent(new Event('open'));
    });
    this.#socket.addEventListener('message', ({ data }) => this.#tell('frame', { direction: 'in', ...parsed(data) }));
    this.#socket.addEventListener('close', (event) => this.#tell('close', this.#describe(event)));
  }

  send(frame) {
    this.#socket.send(JSON.stringify(frame));
    this.#tell('frame', { direction: 'out', text: JSON.stringify(frame), frame });
  }

  close() {
    this.#leaving = true;
    this.#socket.close(1000);
  }

  #describe({ code, reason }) {
    if (!this.#opened) return { ...NEVER_OPENED, wanted: this.#leaving };
    const words = CLOSINGS[code] ?? 'The connection was closed.';
    const said = reason && ` “${reason}”`;
    return { code, words: this.#leaving && code === 1000 ? 'You disconnected.' : words + said, wanted: this.#leaving };
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const NEVER_OPENED = {
  words: 'The server refused the connection or cannot be reached. It may be restarting, or you may have too many open.',
};

/** What the codes mean with which a connection ends (RFC 6455, and the server's own). */
const CLOSINGS = {
  1001: 'The server went away. Reconnect in a moment.',
  1006: 'The connection was lost. Reconnect to go on.',
  1008: 'Too much was sent that the server could not accept.',
  1009: 'A frame was larger than the server accepts.',
  1011: 'Something went wrong on the server. Reconnect to go on.',
  1012: 'The server is restarting. Reconnect in a moment.',
  1013: 'This page was too slow to read what it was sent. Reconnect to go on.',
  [SIGNED_OUT]: 'Signed out: the login has ended, or its access token has expired.',
};

function parsed(text) {
  try {
    const frame = JSON.parse(text);
    return frame instanceof Object ? { text, frame } : { text };
  } catch {
    return { text };
  }
}
