import type { Frame } from '../dialects/dialect.js';

/** A frame that went over the wire. `frame` is missing where the text is no JSON. */
export interface WireFrame {
  readonly direction: 'in' | 'out';
  readonly text: string;
  readonly frame?: Frame;
  /** The frame to which this is the answer, where the wire knows. */
  readonly question?: Frame;
}

/** Why a connection has ended, or never began. */
export interface Closing {
  readonly code?: number | undefined;
  readonly words: string;
  /** It would end in the same way again. */
  readonly isFinal: boolean;
}

export interface WireListener {
  opened(): void;
  framed(frame: WireFrame): void;
  /** Once, and last. Not called after `close()`. */
  closed(closing: Closing): void;
}

/** A connection to the server. */
export interface Wire {
  /** @throws Error, in words for people, where the text is nothing that this wire can carry */
  send(text: string): void;
  close(): void;
}

/** How to connect. */
export interface Address {
  readonly dialect: string;
  readonly path: string;
  readonly extensions: readonly string[];
  readonly token: string | undefined;
}

export function parse(text: string): Frame {
  try {
    const frame: unknown = JSON.parse(text);
    return frame instanceof Object ? frame : undefined;
  } catch {
    return undefined;
  }
}
