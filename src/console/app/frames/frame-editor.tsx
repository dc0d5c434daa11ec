import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Failure } from '../ui/failure.js';
import { useAttempt } from '../ui/use-attempt.js';

interface FrameEditorProps {
  /** The text that is edited; none: the editor is closed. */
  readonly draft: Signal<string | undefined>;
  /** @throws Error, in words for people */
  readonly onSend: (text: string) => void;
  readonly title: string;
}

/** Any text, to be sent over the socket as it is: the server is to say what it thinks of it. */
export function FrameEditor({ draft, onSend, title }: FrameEditorProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const error = useSignal('');
  const { attempt } = useAttempt(error);
  const isOpen = draft.value !== undefined;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
    error.value = '';
  }, [isOpen]);
  return (
    <dialog ref={dialog} aria-label={title} onClose={() => (draft.value = undefined)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(() => {
            onSend(compact(draft.value ?? ''));
            draft.value = undefined;
          });
        }}
      >
        <h2>{title}</h2>
        <textarea
          aria-label="Frame"
          rows={12}
          spellcheck={false}
          value={draft.value ?? ''}
          onInput={(event) => (draft.value = event.currentTarget.value)}
        />
        <Failure of={error} />
        <div class="buttons">
          <button class="primary">Send the frame</button>
          <button type="button" onClick={() => (draft.value = undefined)}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** JSON goes without the room that it was edited with; what is none goes as it is. */
function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
