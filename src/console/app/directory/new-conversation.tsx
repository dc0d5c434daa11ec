import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Accounts } from '../accounts/accounts.js';
import type { Conversation, Page, UserSummary } from '../api/types.js';
import { Failure } from '../ui/failure.js';
import { fieldsOf } from '../ui/fields.js';
import { useAttempt } from '../ui/use-attempt.js';

/** Milliseconds after the last key when it is searched. */
const PAUSE = 250;
const MOST = 8;

interface NewConversationProps {
  readonly accounts: Accounts;
  readonly onStarted: (id: string) => void;
}

/** Starting a conversation with people: with one a direct one, with more a group. */
export function NewConversation({ accounts, onStarted }: NewConversationProps) {
  const query = useSignal('');
  const found = useSignal<readonly UserSummary[]>([]);
  const chosen = useSignal<readonly UserSummary[]>([]);
  const error = useSignal('');
  const details = useRef<HTMLDetailsElement>(null);
  const { busy, attempt } = useAttempt(error);
  const session = accounts.current.value;

  useEffect(() => {
    const text = query.value.trim();
    if (!text || !session) {
      found.value = [];
      return;
    }
    const search = async (): Promise<void> => {
      const path = `/users?limit=${MOST}&query=${encodeURIComponent(text)}`;
      const { data } = await session.request<Page<UserSummary>>('GET', path);
      if (text === query.peek().trim()) found.value = data.filter(({ id }) => id !== session.user.id);
    };
    const timer = setTimeout(() => void search().catch((failure: Error) => (error.value = failure.message)), PAUSE);
    return () => clearTimeout(timer);
  }, [query.value, session]);

  const isChosen = (user: UserSummary): boolean => chosen.value.some(({ id }) => id === user.id);
  const toggle = (user: UserSummary): void => {
    const others = chosen.value.filter(({ id }) => id !== user.id);
    chosen.value = isChosen(user) ? others : [...others, user];
  };
  const offered = [...chosen.value, ...found.value.filter((user) => !isChosen(user))];

  const start = async (form: HTMLFormElement): Promise<void> => {
    const { title } = fieldsOf(form);
    const isGroup = chosen.value.length > 1;
    const { id } = await session!.request<Conversation>('POST', '/conversations', {
      kind: isGroup ? 'group' : 'direct',
      participant_ids: chosen.value.map(({ id }) => id),
      ...(isGroup && title && { title }),
    });
    form.reset();
    query.value = '';
    chosen.value = [];
    details.current!.open = false;
    onStarted(id);
  };

  return (
    <details ref={details} class="fold">
      <summary>New conversation</summary>
      <form
        aria-busy={busy}
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(() => start(event.currentTarget));
        }}
      >
        <label class="field">
          People
          <input
            type="search"
            value={query.value}
            placeholder="The beginning of a name"
            autocomplete="off"
            onInput={(event) => (query.value = event.currentTarget.value)}
          />
        </label>
        {offered.length > 0 && (
          <ul class="people" aria-label="People found">
            {offered.map((user) => (
              <li key={user.id}>
                <label>
                  <input type="checkbox" checked={isChosen(user)} onChange={() => toggle(user)} />
                  <span dir="auto">{user.full_name || user.username}</span>
                </label>
              </li>
            ))}
          </ul>
        )}
        {chosen.value.length > 1 && (
          <label class="field">
            Title (optional)
            <input name="title" maxLength={200} />
          </label>
        )}
        <button disabled={chosen.value.length === 0}>
          {chosen.value.length > 1 ? 'Start a group' : 'Start a conversation'}
        </button>
        <Failure of={error} />
      </form>
    </details>
  );
}
