import type { CloseCode } from './close-codes.js';
import type { Encoded } from './encoded.js';

/** What carries a connection's frames to its peer. */
export interface Transport {
  /** Engine.IO may change from polling to a websocket under way. */
  readonly carriedBy: 'websocket' | 'polling';
  /** Frames that were written. */
  readonly sent: number;
  /** Bytes that the peer has not read, as far as that is known here. */
  readonly unread: number;
  /** Whether the peer can be reached. */
  readonly isOpen: boolean;
  /** Takes a frame for this peer alone, in order. */
  send(encoded: Encoded): void;
  /** Takes a frame that others get too, in order. @returns false where it is left out: droppable, and the peer lags behind */
  share(encoded: Encoded, droppable: boolean): boolean;
  /** Answered when what was written is on its way, or the peer is gone. */
  drained(): Promise<void>;
  /** Stops reading, so that a sender who is too fast waits. */
  pause(): void;
  resume(): void;
  /** Asks whether the peer is there; its answer is told to the connection. */
  ping(): void;
  /** Writes what waits, then tells the peer why it ends. */
  close(code: CloseCode, reason: string): void;
  /** Cuts the peer off. */
  terminate(): void;
}
