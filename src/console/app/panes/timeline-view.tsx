import { Action } from '../ui/action.js';
import { useScroller } from '../ui/use-scroller.js';
import { Bubble } from './bubble.js';
import type { Pane } from './pane.js';

interface TimelineViewProps {
  readonly pane: Pane;
  readonly title: string;
  /** Whether what arrives is read out: in one pane of several, since all hear the same. */
  readonly isLive: boolean;
}

/** The conversation as the pane's user sees it; older messages are read as one scrolls up. */
export function TimelineView({ pane, title, isLive }: TimelineViewProps) {
  const { timeline } = pane;
  const messages = timeline.messages.value;
  const older = (): void => void timeline.older().catch((error: Error) => (pane.error.value = error.message));
  const { ref, onScroll } = useScroller(messages, messages[0]?.id, older);
  return (
    <div
      ref={ref}
      class="scroller timeline"
      role="log"
      aria-live={isLive ? 'polite' : 'off'}
      aria-label={`Messages of ${title}`}
      onScroll={onScroll}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it
      tabIndex={0}
    >
      {timeline.hasOlder.value && (
        <Action error={pane.error} class="older" onPress={() => timeline.older()}>
          Older messages
        </Action>
      )}
      <ol>
        {messages.map((message) => (
          <Bubble key={message.id} pane={pane} message={message} />
        ))}
      </ol>
      {messages.length === 0 && <p class="empty">{emptiness(pane)}</p>}
    </div>
  );
}

function emptiness(pane: Pane): string {
  if (!pane.account.value) return 'Sign in or register to read and write.';
  return pane.conversation.value ? 'No messages yet. Be the first to write.' : 'Open a channel to see its messages.';
}
