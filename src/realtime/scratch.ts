/** Bytes of most turns' frames for one socket. */
const SIZE = 128 * 1024;

/**
 * Memory in which parts are put together for one write, used again when the kernel has taken them: a busy sender's part of a
 * turn is a few kilobytes that nobody else gets, for each of a thousand sockets, a dozen times a second.
 */
export class Scratch {
  private free: Buffer | undefined;

  /** @returns memory for so many bytes, which is taken until {@link release} */
  take(size: number): Buffer {
    if (size > SIZE) return Buffer.allocUnsafeSlow(size);
    const bytes = (this.free ?? Buffer.allocUnsafeSlow(SIZE)).subarray(0, size);
    this.free = undefined;
    return bytes;
  }

  /** Nobody reads it any more. */
  release({ buffer }: Buffer): void {
    if (buffer.byteLength === SIZE) this.free = Buffer.from(buffer);
  }
}
