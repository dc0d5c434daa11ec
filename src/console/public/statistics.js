import { byId, element, say } from './dom.js';
import { call } from './session.js';

const EVERY = 5000; // ms
const MOST = 8;

/** Shows how many `channels` clients are connected and where, asked for every five seconds while the page can be seen. */
export function showStatistics() {
  document.addEventListener('visibilitychange', () => void refresh());
  return refresh();
}

let timer;

async function refresh() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const { data } = await call('GET', '/ws/stats');
    draw(data);
    say(byId('statistics-error'));
  } catch (error) {
    say(byId('statistics-error'), error.message);
  }
  // Another may have been set meanwhile, by a page that was hidden and shown again.
  clearTimeout(timer);
  timer = setTimeout(() => void refresh(), EVERY);
}

function draw({ total_clients: total, channels }) {
  const busiest = Object.entries(channels).toSorted(([, a], [, b]) => b - a);
  byId('statistics-total').textContent = String(total);
  byId('statistics-channels').replaceChildren(
    ...busiest.slice(0, MOST).map(([slug, count]) => bar(slug, count, busiest[0][1])),
  );
  say(byId('statistics-more'), busiest.length > MOST ? `and ${busiest.length - MOST} more channels` : '');
  byId('statistics-empty').hidden = busiest.length > 0;
}

function bar(slug, count, most) {
  const track = element('span', { className: 'bar', ariaHidden: 'true' }, element('span'));
  track.firstElementChild.style.width = `${(100 * count) / most}%`;
  return element(
    'li',
    {},
    element('span', { className: 'name', title: slug }, slug),
    track,
    element('span', {}, String(count)),
  );
}
