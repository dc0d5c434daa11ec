/** What goes beyond the documents, for a connection that asked for it in its handshake (`?ext=ack,resume,edits`). */
export interface Extensions {
  /** Sends are acknowledged. */
  readonly ack: boolean;
  /** Frames carry offsets, and entering a conversation takes `since`. */
  readonly resume: boolean;
  /** Edits and deletes are shown by a dialect whose document has none. */
  readonly edits: boolean;
}

// One object for each set, so that a set is its own key: what listeners of one dialect and set get is encoded once.
const SETS: readonly Extensions[] = Array.from({ length: 8 }, (_, bits) =>
  Object.freeze({ ack: (bits & 1) !== 0, resume: (bits & 2) !== 0, edits: (bits & 4) !== 0 }),
);

/** The extensions that `list` names, between commas; names that are not ours are passed over. */
export function parseExtensions(list: string | null): Extensions {
  const names = new Set(list?.split(',').map((name) => name.trim()));
  const bits = (names.has('ack') ? 1 : 0) | (names.has('resume') ? 2 : 0) | (names.has('edits') ? 4 : 0);
  return SETS[bits]!;
}
