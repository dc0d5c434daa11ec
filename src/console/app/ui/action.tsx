import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useAttempt } from './use-attempt.js';

interface ActionProps {
  readonly onPress: () => unknown;
  /** Where it is said what went wrong. */
  readonly error: Signal<string>;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly disabled?: boolean;
  readonly label?: string | undefined;
}

/** A button that does something which may take its time, and may fail. */
export function Action({ onPress, error, children, label, ...rest }: ActionProps) {
  const { busy, attempt } = useAttempt(error);
  return (
    <button type="button" aria-busy={busy} aria-label={label} onClick={() => void attempt(onPress)} {...rest}>
      {children}
    </button>
  );
}
