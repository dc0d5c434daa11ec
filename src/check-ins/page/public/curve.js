import { clock } from './time.js';

const SVG = 'http://www.w3.org/2000/svg';
/** Space for the labels, in widths of the text's em. */
const LEFT = 2.4;
const BOTTOM = 1.6;
const TOP = 0.7;
const RIGHT = 0.6;

/** The check-ins per minute as a curve, in the size that its element has. */
export class Curve {
  #svg;
  #parts;

  /** @param onResize to have it drawn again */
  constructor(svg, onResize) {
    this.#svg = svg;
    this.#parts = {
      area: this.#add('path', 'area'),
      rules: [0, 1, 2].map(() => this.#add('line', 'rule')),
      counts: [0, 1, 2].map(() => this.#add('text', 'count')),
      times: ['start', 'middle', 'end'].map((anchor) => this.#add('text', `time ${anchor}`)),
      line: this.#add('path', 'line'),
      now: this.#add('circle', 'now'),
    };
    new ResizeObserver(onResize).observe(svg);
  }

  /** @param minutes `[minute, count]`, at least two, one after the other */
  draw(minutes) {
    const em = parseFloat(getComputedStyle(this.#svg).fontSize);
    const { clientWidth: width, clientHeight: height } = this.#svg;
    const [left, right, top, bottom] = [LEFT * em, width - RIGHT * em, TOP * em, height - BOTTOM * em];
    const counts = minutes.map(([, count]) => count);
    const highest = scaleOf(Math.max(...counts));
    const xOf = (index) => left + ((right - left) * index) / (minutes.length - 1);
    const yOf = (count) => bottom - ((bottom - top) * count) / highest;

    const line = counts.map((count, index) => `${xOf(index).toFixed(1)} ${yOf(count).toFixed(1)}`).join(' L ');
    set(this.#parts.line, { d: `M ${line}` });
    set(this.#parts.area, { d: `M ${left} ${bottom} L ${line} L ${right} ${bottom} Z` });
    set(this.#parts.now, { cx: right, cy: yOf(counts.at(-1)), r: em / 4 });
    [0, highest / 2, highest].forEach((count, index) => {
      set(this.#parts.rules[index], { x1: left, x2: right, y1: yOf(count), y2: yOf(count) });
      set(this.#parts.counts[index], { x: left - em / 2, y: yOf(count) }, String(count));
    });
    [0, Math.floor((minutes.length - 1) / 2), minutes.length - 1].forEach((index, place) => {
      set(this.#parts.times[place], { x: xOf(index), y: height - em / 4 }, clock(minutes[index][0]));
    });
    this.#svg.ariaLabel = inWords(minutes);
  }

  #add(tag, className) {
    const part = document.createElementNS(SVG, tag);
    part.setAttribute('class', className);
    return this.#svg.appendChild(part);
  }
}

function set(part, attributes, text = '') {
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  part.textContent = text;
}

const STEPS = [2, 4, 10];

/** The top of the scale: a round number with a whole half, at least `most`. */
function scaleOf(most) {
  let scale = 0;
  for (let index = 0; scale < Math.max(1, most); index++) {
    scale = STEPS[index % STEPS.length] * 10 ** Math.floor(index / STEPS.length);
  }
  return scale;
}

/** What the curve tells, for those who do not see it. */
function inWords(minutes) {
  const [, now] = minutes.at(-1);
  const [peak, most] = minutes.reduce((one, other) => (other[1] > one[1] ? other : one));
  const high = most > 0 ? `, at most ${most}, at ${clock(peak)}` : '';
  return `Check-ins per minute in the last ${minutes.length} minutes: ${now} in this one${high}.`;
}
