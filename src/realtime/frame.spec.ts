import { describe, expect, it } from 'vitest';
// @ts-expect-error -- its types leave out what reads frames
import { Receiver } from 'ws';
import { encodeFrame } from './frame.js';

describe('encodeFrame', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])(
    'makes %i bytes a message that can be read',
    async (length) => {
      const text = 'x'.repeat(length);
      expect(await read(encodeFrame(text))).toBe(text);
    },
  );

  it('counts bytes, not characters', async () => {
    const text = '😀'.repeat(50);
    expect(await read(encodeFrame(text))).toBe(text);
  });
});

function read(frame: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const receiver = new Receiver({ isServer: false });
    receiver.on('message', (data: Buffer) => resolve(data.toString()));
    receiver.on('error', reject);
    receiver.write(frame);
  });
}
