const TEXT = 0x81;
const PING = 0x89;
const PONG = 0x8a;
const MASKED = 0x80;
/** Any key will do; an all-zero one would spare the server the work that real clients give it. */
const KEY = [0x37, 0xfa, 0x21, 0x3d] as const;
const LONGEST_SHORT = 125;
const LONGEST_MEDIUM = 0xffff;

/** A client's text frame, masked as RFC 6455 wants it. @param text ASCII, at most 65,535 characters */
export function textFrame(text: string): Buffer {
  const size = text.length;
  if (size > LONGEST_MEDIUM) throw new Error(`a frame of ${size} bytes is too long`);
  const head = size > LONGEST_SHORT ? 8 : 6;
  const frame = Buffer.allocUnsafe(head + size);
  frame[0] = TEXT;
  if (size > LONGEST_SHORT) {
    frame[1] = MASKED | 126;
    frame.writeUInt16BE(size, 2);
  } else {
    frame[1] = MASKED | size;
  }
  for (let index = 0; index < 4; index++) frame[head - 4 + index] = KEY[index]!;
  frame.write(text, head, 'latin1');
  for (let index = 0; index < size; index++) frame[head + index]! ^= KEY[index & 3]!;
  return frame;
}

/** A client's ping and pong, without a payload. */
export const pingFrame = Buffer.from([PING, MASKED, ...KEY]);
export const pongFrame = Buffer.from([PONG, MASKED, ...KEY]);
