import type { Accounts } from '../accounts/accounts.js';
import type { Extension, Status } from '../dialects/dialect.js';
import { dialectNamed, DIALECTS } from '../dialects/index.js';
import { Action } from '../ui/action.js';
import { Failure } from '../ui/failure.js';
import { LineStatus } from './line-status.js';
import type { Pane } from './pane.js';

const STATUSES: readonly Status[] = ['online', 'away', 'offline'];
const EXTENSION_WORDS: Readonly<Record<Extension, string>> = {
  ack: 'acknowledgements',
  resume: 'resuming',
  edits: 'edits',
};

interface PaneHeaderProps {
  readonly pane: Pane;
  readonly accounts: Accounts;
  readonly onUser: (userId: string) => void;
  readonly onRemove: (() => void) | undefined;
}

/** Who speaks which dialect, how the connection stands, and what can be done with it. */
export function PaneHeader({ pane, accounts, onUser, onRemove }: PaneHeaderProps) {
  const { line } = pane;
  const dialect = pane.dialect.value;
  const account = pane.account.value;
  const asked = pane.extensions.value;
  const state = line.state.value;
  const isOn = state !== 'closed' && state !== 'waiting';
  const unread = pane.unread.value;
  return (
    <header class="pane-header">
      <div class="row">
        <select
          class="dialect"
          aria-label="Dialect"
          value={dialect.name}
          onChange={(event) => pane.speak(dialectNamed(event.currentTarget.value))}
        >
          {DIALECTS.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <span class="as">as</span>
        <select
          class="user"
          aria-label="User"
          value={account?.user.id ?? ''}
          onChange={(event) => onUser(event.currentTarget.value)}
        >
          {!account && <option value="">nobody</option>}
          {accounts.all.value.map((session) => (
            <option key={session.user.id} value={session.user.id}>
              {session.name}
            </option>
          ))}
        </select>
        {onRemove && (
          <button type="button" class="quiet" aria-label="Remove this pane" title="Remove this pane" onClick={onRemove}>
            ✕
          </button>
        )}
      </div>
      <div class="row">
        <LineStatus line={line} resumed={pane.resumed.value} isListening={line.isOpen && pane.hasEntered.value} />
      </div>
      <div class="row controls">
        <Action
          error={pane.error}
          class={isOn ? '' : 'primary'}
          disabled={!account}
          onPress={() => (isOn ? pane.disconnect() : pane.connect())}
        >
          {isOn ? 'Disconnect' : state === 'waiting' ? 'Reconnect' : 'Connect'}
        </Action>
        {state === 'waiting' && (
          <Action error={pane.error} onPress={() => pane.disconnect()}>
            Stay away
          </Action>
        )}
        <EnterOrLeave pane={pane} />
        {dialect.pingFrame && (
          <Action error={pane.error} disabled={!line.isOpen} onPress={() => pane.ping()}>
            Ping
          </Action>
        )}
        {pane.conversation.value && (
          <Action error={pane.error} disabled={unread === 0} onPress={() => pane.markRead()}>
            {unread > 0 ? `Mark ${unread} read` : 'All read'}
          </Action>
        )}
      </div>
      <div class="row">
        <details class="fold">
          <summary>
            <code>
              {dialect.path}
              {asked.length > 0 && `?ext=${asked.join(',')}`}
            </code>
          </summary>
          <p class="hint">
            {dialect.name} {dialect.hears}
          </p>
          {dialect.extensions.length > 0 && (
            <fieldset class="extensions" disabled={isOn}>
              <legend>Beyond its document, it asks for</legend>
              {dialect.extensions.map((extension) => (
                <label key={extension}>
                  <input
                    type="checkbox"
                    checked={asked.includes(extension)}
                    onChange={({ currentTarget: { checked } }) =>
                      (pane.extensions.value = dialect.extensions.filter((name) =>
                        name === extension ? checked : asked.includes(name),
                      ))
                    }
                  />
                  {EXTENSION_WORDS[extension]}
                </label>
              ))}
            </fieldset>
          )}
        </details>
        {dialect.presenceFrame && (
          <select
            aria-label="Announce a status"
            disabled={!line.isOpen}
            value=""
            onChange={({ currentTarget }) => {
              pane.announce(currentTarget.value as Status);
              currentTarget.value = ''; // so that the same can be announced again
            }}
          >
            <option value="">Status …</option>
            {STATUSES.map((status) => (
              <option key={status}>{status}</option>
            ))}
          </select>
        )}
      </div>
      <Failure of={pane.error} />
    </header>
  );
}

/** One button, so that the focus stays where the work is. */
function EnterOrLeave({ pane }: { readonly pane: Pane }) {
  const dialect = pane.dialect.value;
  const isOpen = pane.line.isOpen;
  const hasEntered = dialect.leaveFrame ? pane.hasEntered.value : pane.isMember.value;
  const isPossible = isOpen || (hasEntered ? !dialect.leaveFrame : dialect.hearsMemberships && !pane.isMember.value);
  return (
    <Action
      error={pane.error}
      disabled={!pane.conversation.value || !isPossible}
      onPress={() => (hasEntered ? pane.leave() : pane.enter())}
    >
      {hasEntered ? dialect.leave : dialect.enter}
    </Action>
  );
}
