import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Action } from '../ui/action.js';
import { initialOf } from '../ui/formats.js';
import { AccountForm } from './account-form.js';
import type { Accounts } from './accounts.js';

/** Who is signed in, which of them is current, and the form for one more. */
export function AccountsPanel({ accounts }: { readonly accounts: Accounts }) {
  const isAdding = useSignal(false);
  const error = useSignal('');
  const all = accounts.all.value;
  const list = useRef<HTMLUListElement>(null);
  // The form goes when someone has signed in, and would take the focus along.
  useEffect(() => {
    if (document.activeElement === document.body)
      list.current?.querySelector<HTMLElement>('li:last-child .who')?.focus();
  }, [all.length]);
  const isAsking = isAdding.value || all.length === 0;
  return (
    <section aria-labelledby="accounts-heading" class="card">
      <h2 id="accounts-heading">Accounts</h2>
      {all.length > 0 && (
        <ul class="accounts" ref={list}>
          {all.map((session) => (
            <li key={session.user.id} class="account">
              <button
                type="button"
                class="who"
                aria-pressed={session === accounts.current.value}
                title="Show this user’s lists; new panes speak as this user"
                onClick={() => accounts.choose(session)}
              >
                <span class="initial" aria-hidden="true">
                  {initialOf(session.name)}
                </span>
                <span class="names">
                  <strong dir="auto">{session.name}</strong>
                  <span>
                    {session.user.email} · {session.user.role}
                  </span>
                </span>
              </button>
              <Action error={error} onPress={() => session.signOut()} label={`Sign out ${session.name}`} class="quiet">
                Sign out
              </Action>
            </li>
          ))}
        </ul>
      )}
      {all.length > 0 && (
        <button type="button" class="quiet" aria-expanded={isAsking} onClick={() => (isAdding.value = !isAdding.value)}>
          {isAsking ? 'Cancel' : 'Add an account'}
        </button>
      )}
      {isAsking && <AccountForm accounts={accounts} onDone={() => (isAdding.value = false)} />}
    </section>
  );
}
