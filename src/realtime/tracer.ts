import type { ConversationRef, MessageState } from './events.js';

/** What a client has sent, before anyone has looked at it. */
export interface Arrival {
  /** In few words, alike for all of its kind: `flat message`, `POST /api/v1/messages`. */
  readonly name: string;
  /** What is known of it, under the names of OpenTelemetry's conventions; never what it says, nor who says it. */
  readonly attributes: Readonly<Record<string, string>>;
  /** When it came, by `performance.now()`. */
  readonly at: number;
  /** The headers that may say of what it is a part (`traceparent`). */
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** A message that waits to be stored, as the tracer knows it. */
export type Wait = object;

/** Ends what was begun; with an error, where it failed. */
export type End = (error?: unknown) => void;

/**
 * Follows messages from what brings them to those who hear them, on this node and the others. There is none unless traces are
 * on: whoever calls it asks first whether it is there.
 */
export abstract class Tracer {
  /** Runs what an arrival causes: the messages sent by it are followed from its beginning. */
  abstract arrive<T>(arrival: Arrival, work: () => T): T;

  /** Runs the sending of one message that may be sent as far as its form says, until its sender is answered. */
  abstract send<Sent extends { conversation: ConversationRef; message: MessageState }>(
    work: () => Promise<Sent>,
  ): Promise<Sent>;

  /** The message that is being sent begins to wait for a group; nothing, where it is not followed. */
  abstract wait(): Wait | undefined;

  /** A group of messages begins to be stored, some of which may be followed. */
  abstract commit(waits: readonly (Wait | undefined)[]): End;

  /** The message that is being sent, for other nodes (W3C `traceparent`); nothing, where it is not followed. */
  abstract get traceparent(): string | undefined;

  /**
   * An event is heard from another node.
   *
   * @param sentAt milliseconds since 1970, by the other node's clock
   * @returns the `traceparent` of what it causes here
   */
  abstract hear(traceparent: string, sentAt: number): string;

  /** An event begins to be shown: until the frames of this turn of the event loop are written. */
  abstract fanOut(traceparent: string): void;
}
