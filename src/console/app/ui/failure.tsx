import type { Signal } from '@preact/signals';

/** What went wrong, read out when it does; nothing while nothing has. */
export function Failure({ of }: { readonly of: Signal<string> }) {
  return of.value ? (
    <p class="error" role="alert">
      {of.value}
    </p>
  ) : null;
}
