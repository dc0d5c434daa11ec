import { useSignal } from '@preact/signals';
import type { Accounts } from '../accounts/accounts.js';
import { FramesView } from '../frames/frames-view.js';
import { LineStatus } from '../panes/line-status.js';
import { Plot } from '../statistics/plot.js';
import { Action } from '../ui/action.js';
import { Failure } from '../ui/failure.js';
import { timeOf } from '../ui/formats.js';
import { byMinute } from './by-minute.js';
import type { Watch } from './watch.js';

const MINUTES = 60;
const MINUTE = 60_000;

interface WatchViewProps {
  readonly watch: Watch;
  readonly title: string;
  readonly accounts: Accounts;
}

/** A session's check-ins, live: the figures, the latest names, the frames; and checking in. */
export function WatchView({ watch, title, accounts }: WatchViewProps) {
  const userId = useSignal(accounts.current.value?.user.id ?? '');
  const { line, figures } = watch;
  const { total, refused, latest } = figures.value;
  const isOn = line.state.value !== 'closed';
  return (
    <div class="watch">
      <section class="card" aria-labelledby="watch-heading">
        <div class="bar">
          <h2 id="watch-heading" dir="auto">
            {title}
          </h2>
          <a href={`/sessions/${watch.sessionId}/dashboard.html`} target="_blank" rel="noopener">
            Page for a big screen
          </a>
        </div>
        <LineStatus line={line} />
        <div class="buttons">
          <select
            aria-label="Watch as"
            disabled={isOn}
            value={userId.value}
            onChange={(event) => (userId.value = event.currentTarget.value)}
          >
            <option value="">as nobody</option>
            {accounts.all.value.map(({ user, name }) => (
              <option key={user.id} value={user.id}>
                as {name}
              </option>
            ))}
          </select>
          <Action
            error={watch.error}
            class={isOn ? '' : 'primary'}
            onPress={() => (isOn ? watch.close() : watch.connect(accounts.byId(userId.value)))}
          >
            {isOn ? 'Disconnect' : 'Watch'}
          </Action>
        </div>
        <Failure of={watch.error} />
        <dl class="totals" aria-live="polite">
          <div>
            <dt>checked in</dt>
            <dd>{total}</dd>
          </div>
          <div>
            <dt>refused</dt>
            <dd>{refused}</dd>
          </div>
        </dl>
        {!watch.isHost.value && <p class="hint">Counted since this page began to watch: only the host is told more.</p>}
        <Plot
          title="Check-ins a minute"
          series={[{ name: 'checked in', values: byMinute(figures.value, MINUTES, Date.now()) }]}
          every={MINUTE}
        />
        <h3>Check in</h3>
        <div class="buttons">
          {accounts.all.value.map((session) => (
            <Action key={session.user.id} error={watch.error} onPress={() => watch.checkIn(session)}>
              {session.name}
            </Action>
          ))}
        </div>
        <h3 id="latest-heading">Latest</h3>
        <ol class="latest" aria-labelledby="latest-heading">
          {latest.map(({ user_id, user_name, checkin_time, success, message }) => (
            <li key={`${user_id} ${checkin_time}`}>
              <span dir="auto">{user_name}</span>
              {!success && <span class="error">{message}</span>}
              <time dateTime={checkin_time}>{timeOf(checkin_time)}</time>
            </li>
          ))}
        </ol>
      </section>
      <div class="card">
        <FramesView log={line.log} title="the session" shown={watch.shownEntry} />
      </div>
    </div>
  );
}
