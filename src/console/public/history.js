import { byId, element, followingEnd } from './dom.js';

const PAGE = 30;
const MOST_READ = 100;
const MOST_SHOWN = 500;

/**
 * The messages of one conversation as REST tells them. What is heard on the socket says that there is something new; it is
 * then read from the server, so that a message looks the same in every dialect and none is missed.
 */
export class History {
  #session;
  #list = byId('messages');
  #scroller = byId('messages-scroller');
  #older = byId('older');
  #path;
  /** The `seq` of the oldest and of the newest message that is shown; missing until the first were read. */
  #first;
  #last;
  /** The reading before the next one, and the catching up that has yet to begin. */
  #turn = Promise.resolve();
  #waiting;

  constructor(session) {
    this.#session = session;
  }

  /** Shows the newest messages of a conversation. */
  open({ id }) {
    this.close();
    this.#path = `/conversations/${id}/messages`;
    return this.#inTurn(() =>
      this.#read(`limit=${PAGE}`, (messages) => {
        this.#last = 0;
        this.#append(messages.toReversed());
        this.#older.hidden = messages.length < PAGE;
        this.#scroller.scrollTop = this.#scroller.scrollHeight;
      }),
    );
  }

  close() {
    this.#path = this.#first = this.#last = undefined;
    this.#list.replaceChildren();
    this.#older.hidden = true;
  }

  /** Adds the page before the oldest message, without moving what is being read. */
  older() {
    return this.#inTurn(() =>
      this.#read(`limit=${PAGE}&before=${this.#first}`, (messages) => {
        const below = this.#scroller.scrollHeight - this.#scroller.scrollTop;
        this.#list.prepend(...messages.toReversed().map((message) => this.#draw(message)));
        this.#first = messages.at(-1)?.seq ?? this.#first;
        this.#older.hidden = messages.length < PAGE;
        this.#scroller.scrollTop = this.#scroller.scrollHeight - below;
      }),
    );
  }

  /** Adds what came after the newest message. Asked for many times at once, it is done once after that. */
  catchUp() {
    this.#waiting ??= this.#inTurn(async () => {
      this.#waiting = undefined;
      let more = this.#last !== undefined;
      while (more) {
        more = false;
        await this.#read(`limit=${MOST_READ}&after=${this.#last}`, (messages) => {
          this.#append(messages);
          more = messages.length === MOST_READ;
        });
      }
    });
    return this.#waiting;
  }

  edit(id, content) {
    this.#change(id, (bubble) => {
      bubble.querySelector('.content').textContent = content;
      bubble.querySelector('.mark').textContent = 'edited';
    });
  }

  delete(id) {
    this.#change(id, (bubble) => {
      bubble.classList.add('deleted');
      bubble.querySelector('.content').textContent = 'Message deleted';
    });
  }

  #change(id, change) {
    const bubble = this.#list.querySelector(`[data-id="${CSS.escape(id)}"]`);
    if (bubble) change(bubble);
  }

  /** Runs a reading after those before it, which may have failed. */
  #inTurn(reading) {
    const run = this.#turn.then(reading);
    this.#turn = run.catch(() => {});
    return run;
  }

  /** Reads messages, and shows them unless another conversation was opened meanwhile. */
  async #read(query, show) {
    const path = this.#path;
    const { data } = await this.#session.request('GET', `${path}?${query}`);
    if (path === this.#path) show(data);
  }

  #append(messages) {
    const fresh = messages.filter(({ seq }) => seq > this.#last);
    if (fresh.length === 0) return;
    followingEnd(this.#scroller, () => {
      this.#list.append(...fresh.map((message) => this.#draw(message)));
      while (this.#list.childElementCount > MOST_SHOWN) {
        this.#list.firstElementChild.remove();
        this.#older.hidden = false;
      }
    });
    this.#first = Number(this.#list.firstElementChild.dataset.seq);
    this.#last = fresh.at(-1).seq;
  }

  #draw({ id, seq, sender, content, created_at, is_edited, is_deleted }) {
    const mine = sender.id === this.#session.user.id;
    const bubble = element(
      'li',
      { className: mine ? 'mine' : '' },
      element('p', { className: 'author' }, sender.full_name || sender.username),
      element('p', { className: 'content' }, is_deleted ? 'Message deleted' : content),
      element(
        'p',
        { className: 'meta' },
        element('span', { className: 'mark' }, is_edited ? 'edited' : ''),
        element('time', { dateTime: created_at, title: new Date(created_at).toLocaleString() }, timeOf(created_at)),
      ),
    );
    bubble.classList.toggle('deleted', is_deleted);
    Object.assign(bubble.dataset, { id, seq });
    return bubble;
  }
}

/** The time of day, with the date where that is not today's. */
function timeOf(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(undefined, today ? { timeStyle: 'short' } : { dateStyle: 'short', timeStyle: 'short' });
}
