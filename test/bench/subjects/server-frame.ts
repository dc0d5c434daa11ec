const TEXT = 0x81;

/** A server's text frame, of at most 65,535 bytes. */
export function serverFrame(payload: Buffer | string): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const size = bytes.length;
  const head = size > 125 ? 4 : 2;
  const frame = Buffer.allocUnsafe(head + size);
  frame[0] = TEXT;
  if (size > 125) {
    frame[1] = 126;
    frame.writeUInt16BE(size, 2);
  } else {
    frame[1] = size;
  }
  bytes.copy(frame, head);
  return frame;
}
