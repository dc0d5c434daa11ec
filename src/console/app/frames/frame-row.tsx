import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { clockOf, sizeOf } from '../ui/formats.js';
import type { Entry } from './frame-log.js';
import { Json, oneLine, pretty } from './json.js';

const ARROWS = { in: ['←', 'received'], out: ['→', 'sent'], note: ['·', 'note'] } as const;
/** Characters of a frame that are shown in its line. */
const GLIMPSE = 600;

interface FrameRowProps {
  readonly entry: Entry;
  /** The asking, where this is the frame that was asked for. */
  readonly asked: object | undefined;
  readonly onReplay: (entry: Entry) => void;
}

/** A row of the log, which is not drawn again when others come: there may be many. */
export function FrameRow({ entry, asked, onReplay }: FrameRowProps) {
  return useMemo(() => <Row entry={entry} asked={asked} onReplay={onReplay} />, [entry, asked]);
}

/** A frame in one line, which opens to the whole of it; or a note. */
function Row({ entry, asked, onReplay }: FrameRowProps) {
  const isOpen = useSignal(false);
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!asked || !details.current) return;
    details.current.open = true;
    details.current.scrollIntoView({ block: 'nearest' });
    details.current.querySelector('summary')?.focus({ preventScroll: true });
  }, [asked]);

  const { direction, at, name, text, frame, size } = entry;
  const [arrow, words] = ARROWS[direction];
  const head = (
    <>
      <time dateTime={new Date(at).toISOString()}>{clockOf(at)}</time>
      <span class="arrow" aria-hidden="true">
        {arrow}
      </span>
      <span class="unseen">{words}</span>
    </>
  );
  if (direction === 'note') {
    return (
      <li class="note">
        <p>
          {head}
          <span>{text}</span>
        </p>
      </li>
    );
  }
  return (
    <li class={direction}>
      <details ref={details} onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
        <summary>
          {head}
          <strong>{name}</strong>
          <code>{frame === undefined ? text : <Json text={oneLine(frame).slice(0, GLIMPSE)} />}</code>
          <span class="size">{sizeOf(size)}</span>
        </summary>
        {isOpen.value && (
          <div class="whole">
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it */}
            <pre tabIndex={0}>{frame === undefined ? text : <Json text={pretty(frame)} />}</pre>
            <div class="buttons">
              {isSecureContext && (
                <button type="button" onClick={() => void navigator.clipboard.writeText(text)}>
                  Copy
                </button>
              )}
              <button type="button" onClick={() => onReplay(entry)}>
                {direction === 'out' ? 'Send again …' : 'Use as a draft …'}
              </button>
            </div>
          </div>
        )}
      </details>
    </li>
  );
}
