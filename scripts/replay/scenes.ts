import type { Call, Closing, FrameLine, Json, Numbered, Opening } from '../record/recording.js';

export type Action = (Opening | FrameLine | Closing | Call) & { readonly line: number };
export type Expectation = (FrameLine | Closing) & { readonly line: number };

/** What clients do, one after the other, and what they then hear. */
export interface Scene {
  readonly actions: readonly Action[];
  readonly expected: readonly Expectation[];
}

/** A recording as scenes: each ends where a client does something again after something was heard. */
export function scenesOf(happenings: readonly Numbered[]): Scene[] {
  const scenes: { actions: Action[]; expected: Expectation[] }[] = [];
  for (const happening of happenings) {
    const last = scenes.at(-1);
    if (isExpectation(happening)) {
      if (last) last.expected.push(happening);
      else scenes.push({ actions: [], expected: [happening] });
    } else if (last && last.expected.length === 0) last.actions.push(happening);
    else scenes.push({ actions: [happening], expected: [] });
  }
  return scenes;
}

/**
 * Those of what a connection is still to hear that may be next. Frames about one conversation come in their order, those
 * about different ones in any; where several clients had acted at once, all may.
 */
export function nextOf(pending: readonly Expectation[], inAnyOrder: boolean): readonly Expectation[] {
  if (inAnyOrder) return pending;
  const begun = new Set<string>();
  return pending.filter((expectation) => {
    const topic = topicOf(expectation);
    const isFirst = !begun.has(topic) && !('closes' in expectation && begun.size > 0);
    begun.add(topic);
    return isFirst;
  });
}

/** The conversation that a frame is about, as the recording names it. */
export function topicOf(expectation: Expectation): string {
  return 'closes' in expectation ? '' : (conversationIn(expectation.frame) ?? '');
}

function isExpectation(happening: Numbered): happening is Expectation {
  return (
    ('from' in happening && happening.from === 'server') || ('closes' in happening && happening.closes === 'server')
  );
}

function conversationIn(value: Json | undefined, key = ''): string | undefined {
  if (typeof value === 'string') {
    return ['conversation_id', 'conversationId', 'channel_id'].includes(key) ? value : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [inner, item] of Object.entries(value)) {
    const found = conversationIn(item, inner);
    if (found !== undefined) return found;
  }
  return undefined;
}
