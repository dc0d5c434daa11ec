import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Message } from '../api/types.js';
import { Action } from '../ui/action.js';
import { timeOf } from '../ui/formats.js';
import { useAttempt } from '../ui/use-attempt.js';
import type { Pane } from './pane.js';

/** A message: who said what, by which frames the pane heard it, who has read it. Its author may change it. */
export function Bubble({ pane, message }: { readonly pane: Pane; readonly message: Message }) {
  const isEditing = useSignal(false);
  const { sender, content, created_at, is_edited, is_deleted, seq } = message;
  const isMine = sender.id === pane.account.value?.user.id;
  const readers = (pane.conversation.value?.participants ?? []).filter(
    ({ id, last_read_seq }) => id !== sender.id && last_read_seq >= seq,
  );
  return (
    <li class={`bubble${isMine ? ' mine' : ''}${is_deleted ? ' gone' : ''}`}>
      <p class="author" dir="auto">
        {sender.full_name || sender.username}
      </p>
      {isEditing.value ? (
        <Editor pane={pane} message={message} onDone={() => (isEditing.value = false)} />
      ) : (
        <p class="content" dir="auto">
          {is_deleted ? 'Message deleted' : content}
        </p>
      )}
      <p class="meta">
        {isMine && !is_deleted && !isEditing.value && (
          <span class="own">
            <button type="button" class="quiet" onClick={() => (isEditing.value = true)}>
              Edit
            </button>
            <Action error={pane.error} class="quiet" onPress={() => pane.deleteMessage(message)}>
              Delete
            </Action>
          </span>
        )}
        {pane.marks.of(message).map((entry) => (
          <button
            key={entry.id}
            type="button"
            class="heard"
            title="Show the frame by which this was heard"
            onClick={() => (pane.shownEntry.value = { ...entry })}
          >
            <span class="unseen">heard as </span>
            {entry.name}
          </button>
        ))}
        {is_edited && !is_deleted && <span>edited</span>}
        {isMine && readers.length > 0 && (
          <span title={readers.map(({ full_name }) => full_name).join(', ')}>read by {readers.length}</span>
        )}
        <time dateTime={created_at} title={new Date(created_at).toLocaleString()}>
          {timeOf(created_at)}
        </time>
      </p>
    </li>
  );
}

interface EditorProps {
  readonly pane: Pane;
  readonly message: Message;
  readonly onDone: () => void;
}

function Editor({ pane, message, onDone }: EditorProps) {
  const { attempt, busy } = useAttempt(pane.error);
  const text = useRef<HTMLTextAreaElement>(null);
  useEffect(() => text.current?.focus(), []);
  return (
    <form
      class="editor"
      aria-busy={busy}
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(async () => {
          await pane.editMessage(message, text.current!.value);
          onDone();
        });
      }}
    >
      <textarea
        ref={text}
        aria-label="Edit the message"
        rows={2}
        defaultValue={message.content}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
      />
      <div class="buttons">
        <button class="primary">Save</button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}
