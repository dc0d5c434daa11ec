import { Connection, SIGNED_OUT } from './connection.js';
import { DIALECTS } from './dialects.js';
import { byId, Choice, keepingFocus, onPress, say } from './dom.js';

const STATES = { open: 'Connected', connecting: 'Connecting …', closed: 'Not connected', lost: 'Not connected' };

/**
 * The connection and its dialect. Dispatches `change` when it opened or closed or the dialect was changed, and `heard`
 * (`detail`: what the dialect read in a frame) for what concerns a conversation.
 */
export class SocketPanel extends EventTarget {
  #session;
  #log;
  #connection;
  #state = 'closed';
  #error = byId('socket-error');
  /** Where the refusal of the frame that was sent last is shown. */
  #blame = this.#error;
  #choice = new Choice('dialect', () => this.#changed());

  constructor(session, log) {
    super();
    this.#session = session;
    this.#log = log;
  }

  start() {
    onPress('connect', this.#error, () => this.#connect());
    onPress('disconnect', this.#error, () => this.#connection.close());
    onPress('ping', this.#error, () => this.send(this.dialect.ping, this.#error));
    this.#session.addEventListener('change', () => {
      if (!this.#session.user) this.#connection?.close();
      this.#show();
    });
    this.#show();
  }

  get dialect() {
    return DIALECTS[this.#choice.value];
  }

  get dialectName() {
    return this.#choice.value;
  }

  get isOpen() {
    return this.#state === 'open';
  }

  /** Sends a frame; where the server refuses it, `output` says why. */
  send(frame, output) {
    say(output);
    this.#blame = output;
    this.#connection.send(frame);
  }

  /** Done when the connection is open, or is not to be. */
  async #connect() {
    this.#become('connecting');
    let token;
    try {
      token = await this.#session.connectionToken();
    } catch (error) {
      this.#become('closed');
      throw error;
    }
    const connection = new Connection(this.dialectName, this.dialect.path, token);
    this.#connection = connection;
    connection.addEventListener('open', () => {
      this.#log.note(`Connected as ${this.dialectName} to ${this.dialect.path}`);
      this.#become('open');
    });
    connection.addEventListener('frame', ({ detail }) => this.#hear(detail));
    connection.addEventListener('close', ({ detail }) => this.#closed(detail));
    await new Promise((done) => {
      for (const outcome of ['open', 'close']) connection.addEventListener(outcome, done, { once: true });
    });
  }

  #hear({ direction, text, frame }) {
    this.#log.frame(direction, text, frame);
    const heard = direction === 'in' && frame && this.dialect.read(frame);
    if (!heard) return;
    if (heard.kind === 'refused') say(this.#blame, heard.message);
    else this.dispatchEvent(new CustomEvent('heard', { detail: heard }));
  }

  #closed({ code, words, wanted }) {
    this.#connection = undefined;
    this.#blame = this.#error;
    this.#log.note(code ? `Closed (${code}). ${words}` : words);
    this.#become(wanted ? 'closed' : 'lost');
    byId('close-code').textContent = code ?? '';
    say(byId('close-reason'), words);
    if (code === SIGNED_OUT) void this.#session.check();
  }

  #become(state) {
    this.#state = state;
    byId('close-code').textContent = '';
    say(byId('close-reason'));
    this.#changed();
  }

  #changed() {
    this.#show();
    this.dispatchEvent(new Event('change'));
  }

  #show() {
    const { ping, hears, path } = this.dialect;
    const [connect, disconnect] = [byId('connect'), byId('disconnect')];
    byId('state').dataset.state = this.#state;
    byId('state-text').textContent = STATES[this.#state];
    byId('dialects').disabled = this.isOpen || this.#state === 'connecting';
    byId('dialect-path').textContent = path;
    byId('dialect-hears').textContent = hears;
    connect.textContent = this.#state === 'lost' ? 'Reconnect' : 'Connect';
    connect.disabled = !this.#session.user;
    keepingFocus(connect, disconnect, () => {
      connect.hidden = this.isOpen;
      disconnect.hidden = !this.isOpen;
    });
    byId('ping').disabled = !ping || !this.isOpen;
    say(byId('ping-hint'), ping ? '' : `${this.dialectName} has no ping.`);
  }
}
