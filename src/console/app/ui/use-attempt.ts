import { type Signal, useSignal } from '@preact/signals';

/** Runs what a person asked for, once at a time whatever the clicks; what goes wrong is told in `error`. */
export function useAttempt(error: Signal<string>) {
  const busy = useSignal(false);
  const attempt = async (action: () => unknown): Promise<void> => {
    if (busy.value) return;
    error.value = '';
    busy.value = true;
    try {
      await action();
    } catch (failure) {
      error.value = (failure as Error).message;
    } finally {
      busy.value = false;
    }
  };
  return { busy: busy.value, attempt };
}
