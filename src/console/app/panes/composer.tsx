import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Choice } from '../ui/choice.js';
import { Failure } from '../ui/failure.js';
import { useAttempt } from '../ui/use-attempt.js';
import type { Pane } from './pane.js';

type Way = 'rest' | 'socket';

/** Writing a message, and sending it over the socket or by REST. */
export function Composer({ pane }: { readonly pane: Pane }) {
  const chosen = useSignal<Way>('socket');
  const text = useRef<HTMLTextAreaElement>(null);
  const { busy, attempt } = useAttempt(pane.composeError);
  const dialect = pane.dialect.value;
  const isOpen = pane.line.isOpen;
  const canSocket = Boolean(dialect.messageFrame) && isOpen;
  const way = canSocket ? chosen.value : 'rest';
  const hint = dialect.messageFrame ? 'not connected' : `${dialect.name} has no frame for it`;

  const send = async (): Promise<void> => {
    const content = text.current!.value.trim();
    if (!content) return;
    await pane.send(content, way);
    text.current!.value = '';
  };

  return (
    <form
      class="composer"
      aria-busy={busy}
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(send);
      }}
    >
      <fieldset disabled={!pane.conversation.value}>
        <legend class="unseen">Write a message</legend>
        <textarea
          ref={text}
          rows={2}
          dir="auto"
          aria-label="Message"
          placeholder="Write a message"
          onInput={() => pane.typing.key()}
          onBlur={() => pane.typing.stop()}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            event.currentTarget.form!.requestSubmit();
          }}
        />
        <div class="sending">
          <Choice<Way>
            legend="Send over"
            name={`way-${pane.id}`}
            options={[
              { value: 'socket', text: 'Socket', disabled: !canSocket },
              { value: 'rest', text: 'REST' },
            ]}
            value={way}
            onChange={(value) => (chosen.value = value)}
          />
          {!canSocket && pane.conversation.value && (
            <span class="hint" title={hint}>
              {hint}
            </span>
          )}
          <button class="primary">Send</button>
        </div>
      </fieldset>
      <Failure of={pane.composeError} />
    </form>
  );
}
