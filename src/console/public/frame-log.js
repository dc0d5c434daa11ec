import { byId, element, followingEnd } from './dom.js';

const MOST = 500;
const ARROWS = { in: ['←', 'received'], out: ['→', 'sent'], note: ['·', 'note'] };

/** The frames of the connection, newest last; the oldest go when there are more than 500. */
export class FrameLog {
  #list = byId('frames');
  #scroller = byId('frames-scroller');

  constructor() {
    byId('frames-clear').addEventListener('click', () => this.clear());
  }

  /** Adds a frame, which a click shows in full. */
  frame(direction, text, frame) {
    const pretty = element('pre', { tabIndex: 0 });
    const details = element(
      'details',
      {},
      element('summary', {}, ...this.#head(direction), oneLine(text, frame)),
      pretty,
    );
    details.addEventListener(
      'toggle',
      () => pretty.append(...(frame ? coloured(JSON.stringify(frame, null, 2)) : [text])),
      { once: true },
    );
    this.#add(direction, details);
  }

  /** Adds what happened to the connection. */
  note(text) {
    this.#add('note', element('p', {}, ...this.#head('note'), element('span', {}, text)));
  }

  clear() {
    this.#list.replaceChildren();
    this.#count();
  }

  #head(direction) {
    const [arrow, words] = ARROWS[direction];
    const now = new Date();
    return [
      element('time', { dateTime: now.toISOString() }, now.toLocaleTimeString(undefined, { hour12: false })),
      element('span', { className: 'arrow', ariaHidden: 'true' }, arrow),
      element('span', { className: 'unseen' }, words),
    ];
  }

  #add(direction, content) {
    followingEnd(this.#scroller, () => {
      this.#list.append(element('li', { className: direction }, content));
      if (this.#list.childElementCount > MOST) this.#list.firstElementChild.remove();
    });
    this.#count();
  }

  #count() {
    const count = this.#list.childElementCount;
    byId('frames-count').textContent = count === MOST ? `the last ${MOST}` : String(count);
    byId('frames-empty').hidden = count > 0;
  }
}

function oneLine(text, frame) {
  return element('code', {}, ...(frame ? coloured(JSON.stringify(frame, null, 1).replaceAll(/\n\s*/g, ' ')) : [text]));
}

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|[^"]+/g;

/** JSON with its keys and its strings told apart. */
function coloured(json) {
  return Array.from(json.matchAll(TOKENS), ([token, string, colon]) => {
    if (!string) return token;
    return element('span', { className: colon ? 'key' : 'string' }, token);
  });
}
