import { byId } from './dom.js';
import { Curve } from './curve.js';
import { Latest } from './latest.js';

const STATES = { connecting: 'Connecting…', live: 'Live', reconnecting: 'Reconnecting…' };
/** Milliseconds between two announcements to those who listen, and until the curve moves on by itself. */
const ANNOUNCE_EVERY = 5_000;
const NUMBER = new Intl.NumberFormat();

/** What there is to see. Drawn at most once per frame of the display, however many check in. */
export class Screen {
  #figures;
  #curve = new Curve(byId('curve'), () => this.refresh());
  #latest = new Latest(byId('latest'));
  #isDue = false;

  constructor() {
    setInterval(() => {
      if (!this.#figures) return;
      this.#announce();
      this.refresh();
    }, ANNOUNCE_EVERY);
  }

  /** @param session what is called so */
  show({ title }, figures) {
    this.#figures = figures;
    byId('title').textContent = title;
    document.title = `${title} · check-ins`;
    byId('dashboard').hidden = false;
    this.refresh();
  }

  /** Nothing is left of what was shown: the next to look may be someone else. */
  hide() {
    this.#figures = undefined;
    byId('title').textContent = document.title = 'Check-ins';
    byId('announcement').textContent = '';
    byId('dashboard').hidden = true;
  }

  /** Says in plain words whether what is shown is what is so. */
  become(state, words = STATES[state]) {
    if (byId('state').dataset.state === state) return;
    byId('state').dataset.state = state;
    byId('state-text').textContent = words;
  }

  /** To be called when the figures have changed. */
  refresh() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      if (this.#figures) this.#draw(this.#figures);
    });
  }

  #draw(figures) {
    write(byId('total'), figures.total);
    write(byId('refused'), figures.refused);
    byId('refusals').classList.toggle('some', figures.refused > 0);
    this.#curve.draw(figures.minutes(Date.now()));
    this.#latest.draw(figures.latest);
  }

  #announce() {
    const words = `${NUMBER.format(this.#figures.total)} checked in, ${NUMBER.format(this.#figures.refused)} refused`;
    if (byId('announcement').textContent !== words) byId('announcement').textContent = words;
  }
}

/** A number as large as there is room for. */
function write(output, number) {
  output.textContent = NUMBER.format(number);
  output.style.setProperty('--length', output.textContent.length);
}
