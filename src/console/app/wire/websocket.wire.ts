import { closingOf, NEVER_OPENED } from './closings.js';
import { type Address, parse, type Wire, type WireListener } from './wire.js';

/** A WebSocket. The token goes in a subprotocol, since addresses end up in logs and histories. */
export class WebSocketWire implements Wire {
  readonly #socket: WebSocket;
  readonly #gone = new AbortController();

  constructor(
    { dialect, path, extensions, token }: Address,
    private readonly listener: WireListener,
  ) {
    const url = new URL(path, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    if (extensions.length > 0) url.search = `ext=${extensions.join(',')}`;
    this.#socket = new WebSocket(url, [`parlance.${dialect}`, ...(token ? [`bearer.${token}`] : [])]);
    const { signal } = this.#gone;
    let hasOpened = false;
    this.#socket.addEventListener('open', () => ((hasOpened = true), listener.opened()), { signal });
    this.#socket.addEventListener(
      'message',
      ({ data }: MessageEvent<string>) => listener.framed({ direction: 'in', text: data, frame: parse(data) }),
      { signal },
    );
    this.#socket.addEventListener(
      'close',
      ({ code, reason }) => listener.closed(hasOpened ? closingOf(code, reason) : NEVER_OPENED),
      { signal },
    );
  }

  send(text: string): void {
    this.#socket.send(text);
    this.listener.framed({ direction: 'out', text, frame: parse(text) });
  }

  close(): void {
    this.#gone.abort();
    this.#socket.close(1000);
  }
}
