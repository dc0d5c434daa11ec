import type { Client } from '../client.js';
import type { Person } from '../person.js';

/** A conversation by the names that clients give it. */
export interface Named {
  readonly id: string;
  readonly number: number;
}

/** What someone heard of a message: that it was sent, or what it was changed to. */
export type Heard = `new ${string}` | `edited ${string}`;

/**
 * How a dialect's clients do what clients of every dialect do: what the conformance kit must be told to try a dialect. What
 * a dialect has no words for is left out, and what needs it is not tried.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- of its clients and their frames only the adapter knows
export interface ClientAdapter<C extends Client<Frame> = any, Frame = any> {
  readonly dialect: string;
  /** Whether taking part in a conversation is enough to hear it, or the client must enter. */
  readonly entersUnasked: boolean;
  /** Whether a user hears what that user sends, on other connections than the one that sends. */
  readonly hearsOwn: boolean;
  /** Connects, with every extension that the dialect has. */
  readonly open: (person: Person) => Promise<C>;

  /** Asks to hear a conversation; with `since`, also what came after that offset. */
  readonly enter?: (client: C, conversation: Named, since?: number) => void;
  readonly leave?: (client: C, conversation: Named) => void;
  /** Sends a message. @returns when it is acknowledged */
  readonly say?: (client: C, conversation: Named, content: string) => Promise<void>;
  /** Asks for what came after an offset, where entering again is not how that is done. */
  readonly resume?: (client: C, conversation: Named, since: number) => void;

  /** Frames that the server must refuse. */
  readonly nonsense: readonly ((client: C) => void)[];

  /** What a frame tells of a message, if it tells of one. */
  readonly heardIn: (frame: Frame) => Heard | undefined;
  /** The place of that among the conversation's changes, where the dialect's clients can resume. */
  readonly offsetIn?: (frame: Frame) => number | undefined;
  /** Why a frame was refused, if this one says so. */
  readonly refusalIn: (frame: Frame) => string | undefined;
}
