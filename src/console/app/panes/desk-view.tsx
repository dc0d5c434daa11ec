import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { AccountsPanel } from '../accounts/accounts-panel.js';
import type { Accounts } from '../accounts/accounts.js';
import { conversationName } from '../directory/conversation-name.js';
import { DirectoryPanel } from '../directory/directory-panel.js';
import type { Directory } from '../directory/directory.js';
import { Action } from '../ui/action.js';
import { Failure } from '../ui/failure.js';
import type { Desk } from './desk.js';
import { PaneView } from './pane-view.js';

interface DeskViewProps {
  readonly accounts: Accounts;
  readonly directory: Directory;
  readonly desk: Desk;
}

/** One conversation in several dialects side by side, beside who is signed in and what there is to open. */
export function DeskView({ accounts, directory, desk }: DeskViewProps) {
  /** On a phone, one thing at a time. */
  const areListsShown = useSignal(true);
  const error = useSignal('');
  const adding = useRef<HTMLButtonElement>(null);
  const conversation = desk.conversation.value;
  const panes = desk.panes.value;
  return (
    <main class="desk" data-lists={areListsShown.value}>
      <nav class="tabs" aria-label="Panes">
        <button
          type="button"
          aria-current={areListsShown.value ? 'true' : undefined}
          onClick={() => (areListsShown.value = true)}
        >
          Lists
        </button>
        {panes.map((pane, index) => (
          <button
            key={pane.id}
            type="button"
            data-dialect={pane.dialect.value.name}
            aria-current={!areListsShown.value && desk.active.value === pane ? 'true' : undefined}
            onClick={() => {
              areListsShown.value = false;
              desk.active.value = pane;
            }}
          >
            {index + 1} {pane.dialect.value.name}
          </button>
        ))}
      </nav>
      <div class="side">
        <AccountsPanel accounts={accounts} />
        <DirectoryPanel
          accounts={accounts}
          directory={directory}
          desk={desk}
          onOpened={() => (areListsShown.value = false)}
        />
      </div>
      <div class="stage">
        <div class="bar">
          <h2 dir="auto">
            {conversation ? conversationName(conversation, accounts.current.value?.user.id) : 'No conversation open'}
          </h2>
          {conversation && (
            <span class="badge">
              {conversation.kind} #{conversation.number}
            </span>
          )}
          <div class="tools">
            <Action
              error={error}
              disabled={desk.idle.value.length === 0 || !conversation}
              onPress={() => desk.connectAll()}
            >
              Connect all
            </Action>
            <button ref={adding} type="button" onClick={() => desk.add()}>
              Add a pane
            </button>
          </div>
          <Failure of={error} />
        </div>
        <div class="panes">
          {panes.map((pane, index) => (
            <PaneView
              key={pane.id}
              desk={desk}
              accounts={accounts}
              pane={pane}
              number={index + 1}
              onRemoved={() => adding.current?.focus()}
            />
          ))}
        </div>
      </div>
    </main>
  );
}
