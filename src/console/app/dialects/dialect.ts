import type { CheckIn, Conversation, User } from '../api/types.js';

export type Extension = 'ack' | 'resume' | 'edits';

/** What a frame was sent for, by which its answer is told from what just happened. */
export type Purpose = 'ping' | 'enter' | 'message' | 'other';

/** What a user, a conversation or a message is called on the wire: a uuid, a number or a slug. */
export type Name = string | number;

/** Who speaks, and where. */
export interface Scene {
  readonly me: User;
  readonly conversation: Conversation;
}

export type Status = 'online' | 'away' | 'offline';

/** What a frame of the server tells. */
export type Heard = (
  | { readonly kind: 'message' | 'deleted'; readonly conversation: Name; readonly id: Name; readonly offset?: number }
  | {
      readonly kind: 'edited';
      readonly conversation: Name;
      readonly id: Name;
      readonly content: string;
      readonly offset?: number;
    }
  | {
      readonly kind: 'entered';
      readonly conversation: Name;
      readonly offset?: number;
      readonly recovered?: boolean;
    }
  | { readonly kind: 'left'; readonly conversation: Name }
  | { readonly kind: 'typing'; readonly conversation: Name; readonly user: Name; readonly isTyping: boolean }
  | { readonly kind: 'read'; readonly conversation: Name }
  | { readonly kind: 'presence'; readonly conversation?: Name; readonly name: string; readonly status: string }
  | { readonly kind: 'refused'; readonly conversation?: never; readonly message: string }
  | { readonly kind: 'answered'; readonly conversation?: never }
  | { readonly kind: 'checked-in'; readonly conversation?: never; readonly checkIn: CheckIn }
) & {
  /** Where it is an answer: to a frame sent for what. */
  readonly answers?: Purpose;
};

/** An object on the wire, of which nothing is known yet. */
// oxlint-disable-next-line typescript/no-explicit-any -- each dialect reads the keys that its document names
export type Frame = any;

/**
 * A dialect as its document describes it: where it connects, what it can send and what its frames mean. What a dialect has
 * no frame for is not there.
 */
export interface Dialect {
  readonly name: string;
  readonly path: string;
  readonly extensions: readonly Extension[];
  /** What a connection hears, in words. */
  readonly hears: string;
  /** The words for beginning and ceasing to hear a conversation. */
  readonly enter: string;
  readonly leave: string;
  /** A connection hears what its user takes part in, unasked. */
  readonly hearsMemberships: boolean;
  /** A frame for leaving has no answer. */
  readonly leavesUnanswered?: boolean;
  readonly enterFrame?: (scene: Scene, since?: number) => Frame;
  readonly leaveFrame?: (scene: Scene) => Frame;
  readonly messageFrame?: (scene: Scene, content: string, clientMessageId: string) => Frame;
  readonly typingFrame?: (scene: Scene, isTyping: boolean) => Frame;
  readonly readFrame?: (scene: Scene) => Frame;
  readonly presenceFrame?: (status: Status) => Frame;
  readonly pingFrame?: () => Frame;
  /** The document's own REST route for sending, where that is not the one of conversations. */
  readonly post?: (scene: Scene, content: string) => [path: string, body: object];
  /** What the document calls a frame. */
  readonly nameOf: (frame: Frame) => string;
  /** @param question the frame to which this one is known to be the answer */
  readonly hear: (frame: Frame, question?: Frame) => Heard | undefined;
}
