import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Frame } from '../dialects/dialect.js';
import { useScroller } from '../ui/use-scroller.js';
import { exportEntries } from './export.js';
import { FrameEditor } from './frame-editor.js';
import type { Direction, Entry, FrameLog } from './frame-log.js';
import { FrameRow } from './frame-row.js';
import { pretty } from './json.js';

interface FramesViewProps {
  readonly log: FrameLog;
  /** What it is the log of. */
  readonly title: string;
  readonly shown: Signal<Entry | undefined>;
  /** Sends a text over the socket; missing where nothing is listened to. @throws Error, in words for people */
  readonly onSend?: (text: string) => void;
  /** What to begin with when writing a frame. */
  readonly example?: Frame;
}

/** A connection's frames: filtered, held still, kept as a file, sent again. */
export function FramesView({ log, title, shown, onSend, example }: FramesViewProps) {
  const wanted = useSignal('');
  const direction = useSignal<Direction | ''>('');
  const type = useSignal('');
  /** What is looked at while the log goes on. */
  const held = useSignal<readonly Entry[] | undefined>(undefined);
  const draft = useSignal<string | undefined>(undefined);

  const all = log.entries.value;
  const entries = held.value ?? all;
  const text = wanted.value.trim().toLowerCase();
  const visible = entries.filter(
    (entry) =>
      (!direction.value || entry.direction === direction.value) &&
      (!type.value || entry.name === type.value) &&
      (!text || entry.text.toLowerCase().includes(text) || entry.name.toLowerCase().includes(text)),
  );
  const types = [...new Set(entries.map(({ name }) => name).filter(Boolean))].toSorted();
  const missed = held.value ? all.filter(({ id }) => id > (held.value!.at(-1)?.id ?? 0)).length : 0;
  /** A frame that was asked for is not to be hidden by what was looked for before. */
  useEffect(() => {
    if (!shown.value || visible.some(({ id }) => id === shown.value?.id)) return;
    wanted.value = direction.value = type.value = '';
    held.value = undefined;
  }, [shown.value]);
  const { ref, onScroll } = useScroller(visible, visible[0]?.id);

  return (
    <section class="frames" aria-label={`Frames of ${title}`}>
      <div class="heading">
        <h3>Frames</h3>
        <span class="badge">{visible.length === all.length ? all.length : `${visible.length} of ${all.length}`}</span>
        <div class="tools">
          {onSend && (
            <button type="button" class="quiet" onClick={() => (draft.value = example ? pretty(example) : '')}>
              Send …
            </button>
          )}
          <button
            type="button"
            class="quiet"
            aria-pressed={Boolean(held.value)}
            onClick={() => (held.value = held.value ? undefined : all)}
          >
            {missed > 0 ? `Pause (${missed} more)` : 'Pause'}
          </button>
          <button type="button" class="quiet" onClick={() => exportEntries(visible, title)}>
            Export
          </button>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              log.clear();
              held.value = undefined;
            }}
          >
            Clear
          </button>
        </div>
      </div>
      <div class="filters">
        <input
          type="search"
          aria-label="Filter by text"
          placeholder="Filter"
          value={wanted.value}
          onInput={(event) => (wanted.value = event.currentTarget.value)}
        />
        <select
          aria-label="Filter by direction"
          value={direction.value}
          onChange={(event) => (direction.value = event.currentTarget.value as Direction | '')}
        >
          <option value="">in and out</option>
          <option value="in">in</option>
          <option value="out">out</option>
          <option value="note">notes</option>
        </select>
        <select
          aria-label="Filter by type"
          value={type.value}
          onChange={(event) => (type.value = event.currentTarget.value)}
        >
          <option value="">all types</option>
          {types.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it */}
      <div ref={ref} class="scroller" onScroll={onScroll} tabIndex={0} role="region" aria-label="Frames">
        <ol>
          {visible.map((entry) => (
            <FrameRow
              key={entry.id}
              entry={entry}
              asked={shown.value?.id === entry.id ? shown.value : undefined}
              onReplay={({ frame, text }) => (draft.value = frame === undefined ? text : pretty(frame))}
            />
          ))}
        </ol>
        {all.length === 0 && <p class="empty">What goes over the socket shows here.</p>}
        {all.length > 0 && visible.length === 0 && <p class="empty">Nothing of that kind.</p>}
      </div>
      {onSend && <FrameEditor draft={draft} onSend={onSend} title="Send a frame" />}
    </section>
  );
}
