import { inspect, isDeepStrictEqual } from 'node:util';

/**
 * What a test expects of a frame: keys and values that must be there, others beside them; a pattern, for frames that are
 * text; or a function that answers whether it is the one. Of arrays, every element is compared.
 */
export type Expected<Frame> =
  Readonly<Record<string, unknown>> | readonly unknown[] | string | RegExp | ((frame: Frame) => boolean);

/** Whether a frame is as expected. */
export function matches<Frame>(frame: Frame, expected: Expected<Frame>): boolean {
  if (typeof expected === 'function') return expected(frame);
  if (expected instanceof RegExp) return typeof frame === 'string' && expected.test(frame);
  return contains(frame, expected);
}

/** As a test's author wrote it, for the message of a failure. */
export function tell(expected: Expected<never>): string {
  if (typeof expected === 'function') return expected.toString();
  return show(expected);
}

/** Frames, a line each; of many the last. */
export function tellFrames(frames: readonly unknown[], most = 20): string {
  if (frames.length === 0) return '  nothing';
  const left = frames.length - most;
  return [...(left > 0 ? [`… and ${left} before`] : []), ...frames.slice(-most).map(show)]
    .map((line) => `  ${line}`)
    .join('\n');
}

function show(value: unknown): string {
  return inspect(value, { depth: 6, breakLength: Infinity, maxStringLength: 500 });
}

function contains(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((element, index) => contains(actual[index], element))
    );
  }
  if (typeof expected !== 'object' || expected === null) return isDeepStrictEqual(actual, expected);
  if (typeof actual !== 'object' || actual === null) return false;
  return Object.entries(expected).every(([key, value]) => contains((actual as Record<string, unknown>)[key], value));
}
