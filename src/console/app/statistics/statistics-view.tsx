import { useEffect } from 'preact/hooks';
import type { Desk } from '../panes/desk.js';
import { durationOf } from '../ui/formats.js';
import { Failure } from '../ui/failure.js';
import { Spark } from '../ui/spark.js';
import { Plot } from './plot.js';
import { OWN_EVERY, SERVER_EVERY, type Statistics } from './statistics.js';

const MOST_CHANNELS = 8;

interface StatisticsViewProps {
  readonly statistics: Statistics;
  readonly desk: Desk;
}

/** Live figures, of the server as far as it shows them, and of this page. */
export function StatisticsView({ statistics, desk }: StatisticsViewProps) {
  useEffect(() => statistics.want(), [statistics]);
  return (
    <main class="statistics" aria-label="Statistics">
      <Failure of={statistics.error} />
      <section class="card" aria-labelledby="channels-heading">
        <h2 id="channels-heading">In the channels dialect</h2>
        <Plot title="Connected clients" series={statistics.clients.value} every={SERVER_EVERY} />
        <Busiest channels={statistics.channels.value} />
      </section>
      <section class="card" aria-labelledby="own-heading">
        <h2 id="own-heading">This page</h2>
        <Plot title="Frames a second" series={statistics.ownFrames.value} every={OWN_EVERY} />
        <Panes desk={desk} />
      </section>
      <section class="card" aria-labelledby="server-heading">
        <h2 id="server-heading">The server, by dialect</h2>
        {statistics.hasMetrics.value ? (
          <>
            <Plot title="Open connections" series={statistics.connections.value} every={SERVER_EVERY} />
            <Plot title="Frames received a second" series={statistics.framesReceived.value} every={SERVER_EVERY} />
            <Plot title="Frames sent a second" series={statistics.framesSent.value} every={SERVER_EVERY} />
          </>
        ) : (
          <p class="hint">The server does not show its metrics to this page.</p>
        )}
      </section>
    </main>
  );
}

/** The channels with the most clients in them, as bars. */
function Busiest({ channels }: { readonly channels: Readonly<Record<string, number>> }) {
  const busiest = Object.entries(channels).toSorted(([, a], [, b]) => b - a);
  const [, most] = busiest[0] ?? ['', 0];
  if (busiest.length === 0) return <p class="hint">Nobody is in a channel.</p>;
  return (
    <>
      <ul class="bars" aria-label="Clients by channel">
        {busiest.slice(0, MOST_CHANNELS).map(([slug, count]) => (
          <li key={slug}>
            <span class="name" title={slug}>
              {slug}
            </span>
            <span class="bar-track" aria-hidden="true">
              <span style={{ width: `${(100 * count) / most}%` }} />
            </span>
            <span>{count}</span>
          </li>
        ))}
      </ul>
      {busiest.length > MOST_CHANNELS && <p class="hint">and {busiest.length - MOST_CHANNELS} more channels</p>}
    </>
  );
}

/** What went over each pane's connection, and how long its answers took. */
function Panes({ desk }: { readonly desk: Desk }) {
  return (
    <table>
      <thead>
        <tr>
          {['Pane', 'In', 'Out', 'Round trip'].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {desk.panes.value.map(({ id, dialect, line }, index) => {
          const trips = line.roundTrips.value;
          return (
            <tr key={id} data-dialect={dialect.value.name}>
              <th scope="row">
                {index + 1} {dialect.value.name}
              </th>
              <td>{line.log.counts.in}</td>
              <td>{line.log.counts.out}</td>
              <td>
                {trips.length > 0 && (
                  <>
                    <Spark values={trips} label={`The last ${trips.length} round trips`} /> {durationOf(trips.at(-1)!)}
                  </>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
