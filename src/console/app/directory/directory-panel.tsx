import { useSignal } from '@preact/signals';
import type { Accounts } from '../accounts/accounts.js';
import type { Conversation } from '../api/types.js';
import type { Desk } from '../panes/desk.js';
import { Action } from '../ui/action.js';
import { Failure } from '../ui/failure.js';
import { useAttempt } from '../ui/use-attempt.js';
import { ConversationItem } from './conversation-item.js';
import { conversationName } from './conversation-name.js';
import type { Directory } from './directory.js';
import { NewConversation } from './new-conversation.js';

interface DirectoryPanelProps {
  readonly accounts: Accounts;
  readonly directory: Directory;
  readonly desk: Desk;
  readonly onOpened: () => void;
}

/** Finding a conversation, by its name or in the lists, and opening it in all panes. */
export function DirectoryPanel({ accounts, directory, desk, onOpened }: DirectoryPanelProps) {
  const wanted = useSignal('');
  const error = useSignal('');
  const { busy, attempt } = useAttempt(error);
  const me = accounts.current.value?.user;
  const open = (name: string): Promise<void> =>
    attempt(async () => {
      await desk.open(name);
      wanted.value = '';
      directory.touch();
      onOpened();
    });

  const matches = (conversation: Conversation): boolean =>
    conversationName(conversation, me?.id).toLowerCase().includes(wanted.value.trim().toLowerCase());
  const mine = new Set(directory.yours.value.items.map(({ id }) => id));
  const lists = [
    { key: 'yours', title: 'Yours', shelf: directory.yours.value },
    { key: 'channels', title: 'Open channels', shelf: directory.channels.value },
  ] as const;

  return (
    <section aria-labelledby="conversations-heading" class="card">
      <h2 id="conversations-heading">Conversations</h2>
      <form
        aria-busy={busy}
        onSubmit={(event) => {
          event.preventDefault();
          void open(wanted.value.trim());
        }}
      >
        <label htmlFor="conversation">Channel, number or uuid</label>
        <div class="joined">
          <input
            id="conversation"
            type="search"
            value={wanted.value}
            placeholder="general"
            maxLength={64}
            autocomplete="off"
            required
            onInput={(event) => (wanted.value = event.currentTarget.value)}
          />
          <button disabled={!me}>Open</button>
        </div>
      </form>
      <Failure of={error} />
      <Failure of={directory.error} />
      {lists.map(({ key, title, shelf }) => {
        const shown = shelf.items.filter((item) => matches(item) && (key === 'yours' || !mine.has(item.id)));
        if (shown.length === 0 && shelf.next === null) return null;
        return (
          <div key={key} class="list">
            <h3 id={`list-${key}`}>{title}</h3>
            <ul aria-labelledby={`list-${key}`}>
              {shown.map((conversation) => (
                <ConversationItem
                  key={conversation.id}
                  conversation={conversation}
                  myId={me?.id}
                  isOpen={conversation.id === desk.conversation.value?.id}
                  onOpen={() => void open(conversation.id)}
                />
              ))}
            </ul>
            {shelf.next !== null && (
              <Action error={error} onPress={() => directory.more(key)} class="quiet" label={`More of ${title}`}>
                More
              </Action>
            )}
          </div>
        );
      })}
      {me && <NewConversation accounts={accounts} onStarted={(id) => void open(id)} />}
    </section>
  );
}
