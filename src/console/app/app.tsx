import type { Console } from './console.js';
import { DeskView } from './panes/desk-view.js';
import { SessionsView } from './sessions/sessions-view.js';
import { StatisticsView } from './statistics/statistics-view.js';
import { type View, view } from './ui/view.js';

const VIEWS: readonly { readonly name: View; readonly text: string }[] = [
  { name: 'talk', text: 'Talk' },
  { name: 'check-ins', text: 'Check-ins' },
  { name: 'statistics', text: 'Statistics' },
];

/** The page: its head, and what of the console is looked at. */
export function App({ console: { accounts, directory, desk, sessions, statistics } }: { readonly console: Console }) {
  return (
    <>
      <header class="page-header">
        <h1>
          <img src="/favicon.svg" alt="" width="28" height="28" /> Parlance <span>console</span>
        </h1>
        <nav aria-label="Views">
          {VIEWS.map(({ name, text }) => (
            <a key={name} href={`#${name}`} aria-current={view.value === name ? 'page' : undefined}>
              {text}
            </a>
          ))}
        </nav>
        <nav aria-label="Documentation">
          <a href="/docs">REST API</a>
          <a href="/docs/async">Frames</a>
        </nav>
      </header>
      {view.value === 'talk' && <DeskView accounts={accounts} directory={directory} desk={desk} />}
      {view.value === 'check-ins' && <SessionsView accounts={accounts} sessions={sessions} />}
      {view.value === 'statistics' && <StatisticsView statistics={statistics} desk={desk} />}
    </>
  );
}
