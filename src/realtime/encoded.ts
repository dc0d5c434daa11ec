import { encodeFrame } from './frame.js';

/** A frame's text, and its bytes as a websocket message: made once, for any number of sockets. */
export class Encoded {
  private bytes: Buffer | undefined;

  constructor(readonly text: string) {}

  get frame(): Buffer {
    this.bytes ??= encodeFrame(this.text);
    return this.bytes;
  }
}
