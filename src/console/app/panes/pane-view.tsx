import type { Accounts } from '../accounts/accounts.js';
import { FramesView } from '../frames/frames-view.js';
import { CompanyView } from './company-view.js';
import { Composer } from './composer.js';
import type { Desk } from './desk.js';
import { PaneHeader } from './pane-header.js';
import type { Pane } from './pane.js';
import { TimelineView } from './timeline-view.js';

interface PaneViewProps {
  readonly desk: Desk;
  readonly accounts: Accounts;
  readonly pane: Pane;
  /** From 1. */
  readonly number: number;
  /** Called when it was removed, so that the focus has somewhere to go. */
  readonly onRemoved: () => void;
}

/** One user in one dialect: the connection, the conversation as they see it, and every frame. */
export function PaneView({ desk, accounts, pane, number, onRemoved }: PaneViewProps) {
  const title = `pane ${number}`;
  const isActive = desk.active.value === pane;
  const remove = (): void => {
    desk.remove(pane);
    onRemoved();
  };
  return (
    <section
      class="pane"
      data-dialect={pane.dialect.value.name}
      data-active={isActive}
      aria-label={`Pane ${number}: ${pane.dialect.value.name}`}
      onFocusCapture={() => (desk.active.value = pane)}
    >
      <PaneHeader
        pane={pane}
        accounts={accounts}
        onUser={(id) => desk.seat(pane, accounts.byId(id))}
        onRemove={desk.panes.value.length > 1 ? remove : undefined}
      />
      <div class="talk">
        <TimelineView pane={pane} title={title} isLive={isActive} />
        <CompanyView pane={pane} />
        <Composer pane={pane} />
      </div>
      <FramesView
        log={pane.line.log}
        title={title}
        shown={pane.shownEntry}
        onSend={(text) => pane.sendRaw(text)}
        example={pane.account.value && pane.conversation.value && pane.exampleFrame()}
      />
    </section>
  );
}
