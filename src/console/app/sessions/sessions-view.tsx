import { useSignal } from '@preact/signals';
import { AccountsPanel } from '../accounts/accounts-panel.js';
import type { Accounts } from '../accounts/accounts.js';
import { Failure } from '../ui/failure.js';
import { fieldsOf } from '../ui/fields.js';
import { useAttempt } from '../ui/use-attempt.js';
import type { EventSessions } from './event-sessions.js';
import { WatchView } from './watch-view.js';

interface SessionsViewProps {
  readonly accounts: Accounts;
  readonly sessions: EventSessions;
}

const HOSTS = ['host', 'admin'];

/** Event sessions, and the check-ins of one as they happen. */
export function SessionsView({ accounts, sessions }: SessionsViewProps) {
  const watched = sessions.watched.value;
  const known = sessions.known.value.find(({ id }) => id === watched?.sessionId);
  return (
    <main class="check-ins" aria-label="Check-ins">
      <div class="side">
        <AccountsPanel accounts={accounts} />
        <section class="card" aria-labelledby="sessions-heading">
          <h2 id="sessions-heading">Event sessions</h2>
          {HOSTS.includes(accounts.current.value?.user.role ?? '') ? (
            <BeginForm sessions={sessions} />
          ) : (
            <p class="hint">A user of the role host begins one.</p>
          )}
          <OpenForm sessions={sessions} />
          <ul class="known" aria-label="Sessions of this tab">
            {sessions.known.value.map(({ id, title }) => (
              <li key={id}>
                <button
                  type="button"
                  class="conversation-item"
                  aria-label={title}
                  aria-current={id === watched?.sessionId ? 'true' : undefined}
                  onClick={() => sessions.watch(id)}
                >
                  <span class="names">
                    <strong dir="auto">{title}</strong>
                    <span>{id}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      </div>
      {watched && known ? (
        <WatchView key={watched.sessionId} watch={watched} title={known.title} accounts={accounts} />
      ) : (
        <p class="empty">Begin or open a session to see its check-ins.</p>
      )}
    </main>
  );
}

function BeginForm({ sessions }: { readonly sessions: EventSessions }) {
  const error = useSignal('');
  const { busy, attempt } = useAttempt(error);
  const begin = async (form: HTMLFormElement): Promise<void> => {
    const { title = '', access } = fieldsOf(form);
    await sessions.begin(title, access === 'host' ? 'host' : 'public');
    form.reset();
  };
  return (
    <form
      aria-busy={busy}
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(() => begin(event.currentTarget));
      }}
    >
      <label class="field">
        Title
        <input name="title" maxLength={200} required />
      </label>
      <label class="field">
        Who may watch
        <select name="access">
          <option value="public">anyone with its uuid</option>
          <option value="host">its host only</option>
        </select>
      </label>
      <button class="primary">Begin a session</button>
      <Failure of={error} />
    </form>
  );
}

function OpenForm({ sessions }: { readonly sessions: EventSessions }) {
  const error = useSignal('');
  const { busy, attempt } = useAttempt(error);
  return (
    <form
      aria-busy={busy}
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        void attempt(() => sessions.open((fieldsOf(form).id ?? '').trim()).then(() => form.reset()));
      }}
    >
      <label htmlFor="session-id">Uuid of a session</label>
      <div class="joined">
        <input id="session-id" name="id" autocomplete="off" required />
        <button>Open</button>
      </div>
      <Failure of={error} />
    </form>
  );
}
