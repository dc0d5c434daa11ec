import { Figures } from './figures.js';
import { Socket } from './socket.js';
import { delay, within } from './time.js';

/** Milliseconds after which the figures are read again, since a frame may have been lost on its way. */
const READ_EVERY = 60_000;
/** Milliseconds in which they are to come. */
const READ_PATIENCE = 10_000;
/** Milliseconds before it is tried again: the first time, and at most. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 15_000;
/** What the server says of one who may not watch, or of a session that is not there. */
const REFUSALS = new Set([400, 401, 403, 404]);

/**
 * Keeps a screen up to date, through lost connections and tokens that end. It listens first and reads then, so that no
 * check-in falls in between, and each is counted once.
 */
export class Feed {
  #source;
  #screen;
  #figures;
  /** The frames since the figures were last asked for: they may, or may not, have been in those. */
  #heard = [];
  #failures = 0;

  constructor(source, screen) {
    this.#source = source;
    this.#screen = screen;
  }

  /** Done when the server refuses. @returns the ApiError that says why */
  async run() {
    for (;;) {
      try {
        await this.#follow();
      } catch (error) {
        if (REFUSALS.has(error.status)) return error;
        this.#screen.become('reconnecting');
        await delay(backoff(this.#failures++));
      }
    }
  }

  /** Done when the token has been renewed, so that the socket is to be opened with the new one. @throws ApiError */
  async #follow() {
    const token = await this.#source.token();
    const socket = new Socket(this.#source.id, token, (checkIn) => this.#hear(checkIn));
    try {
      await socket.whenOpen().catch((error) => this.#explain(error));
      do {
        await this.#read();
        this.#failures = 0;
        this.#screen.become('live');
        await Promise.race([delay(READ_EVERY), socket.closed]);
      } while ((await this.#source.token()) === token);
    } finally {
      socket.close();
    }
  }

  /** Browsers do not say why a socket was refused; reading does, or else shows how things are meanwhile. */
  async #explain(error) {
    await this.#read();
    throw error;
  }

  async #read() {
    this.#heard = [];
    const session = await within(READ_PATIENCE, this.#source.read());
    this.#figures = new Figures(session.dashboard);
    for (const checkIn of this.#heard) this.#figures.count(checkIn);
    this.#screen.show(session, this.#figures);
  }

  #hear(checkIn) {
    this.#heard.push(checkIn);
    this.#figures?.count(checkIn);
    this.#screen.refresh();
  }
}

/** Doubles, with chance in it: all the screens lose a server that restarts at the same moment. */
function backoff(failures) {
  return Math.min(LAST_RETRY, FIRST_RETRY * 2 ** failures) * (0.5 + Math.random() / 2);
}
