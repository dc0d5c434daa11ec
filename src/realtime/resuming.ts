import type { Extensions } from './extensions.js';
import type { Entry } from './room.js';

/** What an answer to entering a conversation carries for a connection with the extension `resume`, and for others not. */
export function resumeKeys(extensions: Extensions, { offset, recovered }: Entry): Partial<Entry> {
  return extensions.resume ? { offset, recovered } : {};
}

/** The offset that a frame gives to go on from, where the connection has the extension `resume`. */
export function sinceOf(extensions: Extensions, { since }: { since?: number | null }): number | undefined {
  return extensions.resume ? (since ?? undefined) : undefined;
}

/** What a frame about a message carries for a connection with the extension `resume`, and for others not. */
export function offsetKey(extensions: Extensions, offset: number): { offset?: number } {
  return extensions.resume ? { offset } : {};
}
