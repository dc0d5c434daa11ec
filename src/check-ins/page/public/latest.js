import { element } from './dom.js';
import { identity } from './figures.js';
import { clock } from './time.js';

/** The list of the last attempts. One that stays on it keeps its element, so that only a new one moves in. */
export class Latest {
  #list;
  #rows = new Map();

  constructor(list) {
    this.#list = list;
  }

  draw(checkIns) {
    const rows = new Map(checkIns.map((checkIn) => [identity(checkIn), checkIn]));
    for (const [id, row] of this.#rows) if (!rows.has(id)) row.remove();
    for (const [id, checkIn] of rows) rows.set(id, this.#rows.get(id) ?? rowOf(checkIn));
    [...rows.values()].forEach((row, index) => {
      const present = this.#list.children[index];
      if (present !== row) this.#list.insertBefore(row, present ?? null);
    });
    this.#rows = rows;
  }
}

function rowOf({ user_name: name, profile_url: url, checkin_time: time, success, message }) {
  return element(
    'li',
    success ? {} : { className: 'refused' },
    pictureOf(name, url),
    element(
      'p',
      {},
      element('span', { className: 'name', dir: 'auto', title: name }, name),
      element(
        'span',
        { className: 'when' },
        element('time', { dateTime: time }, clock(Date.parse(time))),
        success ? '' : ` refused: ${message}`,
      ),
    ),
  );
}

/** The initials, until the picture is there; where it cannot be had they stay. */
function pictureOf(name, url) {
  const frame = element('span', { className: 'picture', ariaHidden: 'true' }, initialsOf(name));
  if (!url) return frame;
  const picture = element('img', { alt: '', referrerPolicy: 'no-referrer' });
  picture.addEventListener('load', () => frame.append(picture));
  picture.src = url;
  return frame;
}

const LETTERS = new Intl.Segmenter();

/** Of the first name and the last, in letters as people see them, which may be of several characters. */
function initialsOf(name) {
  const names = name.split(/\s+/u);
  const ends = names.length > 1 ? [names[0], names.at(-1)] : names;
  return ends
    .map((word) => first(LETTERS.segment(word)))
    .join('')
    .toUpperCase();
}

function first(segments) {
  for (const { segment } of segments) return segment;
  return '';
}
