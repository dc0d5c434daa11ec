import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks at what is waited for. */
const STEP = 20;

/**
 * Waits until `holds` answers something true, looking again and again; what it throws counts as not yet.
 *
 * @returns what it answered
 * @throws after `patience` milliseconds, with `what` did not happen
 */
export async function until<T>(
  what: string,
  patience: number,
  holds: () => Promise<T> | T,
): Promise<Exclude<T, false | undefined | null>> {
  const giveUpAt = performance.now() + patience;
  let last = '';
  for (;;) {
    try {
      const answer = await holds();
      if (answer) return answer as Exclude<T, false | undefined | null>;
      last = '';
    } catch (error) {
      last = `: ${(error as Error).message}`;
    }
    if (performance.now() > giveUpAt) throw new Error(`not within ${patience} ms: ${what}${last}`);
    await delay(STEP);
  }
}
