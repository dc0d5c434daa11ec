import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import type { Socket } from '../../src/testing/socket.js';
import { frame, Wire } from './support/wire.js';

const MAX_FRAME_BYTES = 65_536;
const [CONTINUATION, TEXT, CLOSE, PING, PONG] = [0, 1, 8, 9, 10];

const repeat = (bytes: Buffer, count: number): Buffer => Buffer.concat(Array<Buffer>(count).fill(bytes));

/** A text that never ends, of a million fragments of this many bytes. */
const fragments = (bytes: number): Buffer =>
  Buffer.concat([
    frame('', { opcode: TEXT, fin: false }),
    repeat(frame('x'.repeat(bytes), { opcode: CONTINUATION, fin: false }), 1_000_000),
  ]);

/** What no client may send, and the code with which the server closes. */
const ABUSES: readonly [what: string, bytes: Buffer, code: number][] = [
  ['an empty fragment a million times', fragments(0), 1008],
  ['a fragment of one byte a million times', fragments(1), 1008],
  ['a frame that is too large', frame('x'.repeat(MAX_FRAME_BYTES + 1)), 1009],
  ['a frame that says that it is too large', frame('', { says: MAX_FRAME_BYTES + 1 }), 1009],
  ['a frame that says that it has 2^62 bytes', lengthOf(2n ** 62n), 1009],
  ['a frame that says that it has 2^64 - 1 bytes', lengthOf(2n ** 64n - 1n), 1009],
  [
    'fragments that are too large together',
    Buffer.concat([frame('x'.repeat(40_000), { fin: false }), frame('x'.repeat(40_000), { opcode: CONTINUATION })]),
    1009,
  ],
  ['a frame that is not masked', frame('{"event":"ping"}', { masked: false }), 1002],
  ['a compressed frame', frame(deflateRawSync(Buffer.alloc(10_000_000)), { reserved: 4 }), 1002],
  ['a frame with its second reserved bit set', frame('{}', { reserved: 2 }), 1002],
  ['a frame with its third reserved bit set', frame('{}', { reserved: 1 }), 1002],
  ['a frame of a reserved kind', frame('{}', { opcode: 3 }), 1002],
  ['a control frame of a reserved kind', frame('', { opcode: 11 }), 1002],
  ['a fragment of nothing', frame('x', { opcode: CONTINUATION }), 1002],
  ['a text within a text', Buffer.concat([frame('{', { fin: false }), frame('{}')]), 1002],
  ['a ping of 126 bytes', frame('x'.repeat(126), { opcode: PING }), 1002],
  ['a pong of 126 bytes', frame('x'.repeat(126), { opcode: PONG }), 1002],
  ['a close frame of 126 bytes', frame('x'.repeat(126), { opcode: CLOSE }), 1002],
  ['a close frame of one byte', frame('x', { opcode: CLOSE }), 1002],
  ['a close frame with a code that there is not', frame(Buffer.from([0, 5]), { opcode: CLOSE }), 1002],
  ['a close frame whose reason is not UTF-8', frame(Buffer.from([3, 232, 0xff]), { opcode: CLOSE }), 1007],
  ['a ping in fragments', frame('x', { opcode: PING, fin: false }), 1002],
  ['text that is not UTF-8', frame(Buffer.from([0x22, 0xc3, 0x28, 0x22])), 1007],
  ['text that ends within a character', frame(Buffer.from([0x22, 0xf0, 0x9f, 0x98])), 1007],
  ['text with half of a surrogate pair', frame(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), 1007],
  ['text that spells a character too long', frame(Buffer.from([0x22, 0xc0, 0xaf, 0x22])), 1007],
];

function lengthOf(bytes: bigint): Buffer {
  const said = frame('', { says: MAX_FRAME_BYTES });
  said.writeBigUInt64BE(bytes, 2);
  return said;
}

interface Path {
  readonly name: string;
  readonly path: string;
}

const PATHS: readonly Path[] = [
  { name: 'a plain websocket', path: '/ws' },
  { name: 'Socket.IO by websocket', path: '/socket.io/?EIO=4&transport=websocket' },
];

describe.each(PATHS)('$name', ({ path }) => {
  let server: TestServer;
  let ann: Person;
  let other: Socket;
  beforeAll(async () => {
    server = await startServer({ MAX_FRAME_BYTES: `${MAX_FRAME_BYTES}` });
    ann = await Person.register(server);
    other = await (await Person.register(server)).flat();
  });
  afterAll(() => server.close());

  const open = (headers: Record<string, string> = {}): Promise<Wire> =>
    Wire.upgrade(server.url, path, { Authorization: `Bearer ${ann.token}`, ...headers });

  it.each(ABUSES)('is closed by %s, and another connection is served meanwhile', async (_, bytes, code) => {
    const wire = await open();
    const [closed, heard] = await Promise.all([wire.closeCode(), other.untilFence(), wire.push(bytes)]);
    expect(closed).toBe(code);
    expect(heard).toEqual([]);
  });

  it('compresses nothing, whatever is offered: there is no deflate bomb', async () => {
    for (const offer of ['permessage-deflate', 'permessage-deflate; client_max_window_bits, x-webkit-deflate-frame']) {
      const wire = await open({ 'Sec-WebSocket-Extensions': offer });
      expect(wire.received.toString('latin1')).not.toMatch(/sec-websocket-extensions/i);
      wire.destroy();
    }
  });

  it('answers pings, however many come', async () => {
    const wire = await open();
    const few = repeat(frame('x', { opcode: PING }), 20);
    for (let sent = 0; sent < 1_000; sent++) {
      wire.received = Buffer.alloc(0);
      wire.write(Buffer.concat([few, frame(`ping ${sent}.`, { opcode: PING })]));
      expect(await wire.until(`ping ${sent}.`)).toContain('x');
    }
    wire.destroy();
  });

  it('is cut when its peer sends pings faster than they are answered, and other connections are served', async () => {
    const wire = await open();
    const pings = repeat(frame('x'.repeat(125), { opcode: PING }), 100_000);
    const [heard] = await Promise.all([other.untilFence(), wire.closed, wire.push(pings)]);
    expect(heard).toEqual([]);
  });

  it('is cut when its peer sends pings and does not read the answers', async () => {
    const wire = await open();
    wire.socket.pause();
    const few = repeat(frame('x'.repeat(125), { opcode: PING }), 50);
    const most = 5_000; // far more bytes than the kernel's buffers
    for (let sent = 0; sent < most && !wire.socket.destroyed; sent++) {
      await wire.push(few);
      expect(sent % 100 === 0 ? await other.untilFence() : []).toEqual([]); // the server has taken in what was sent
    }
    wire.socket.resume();
    await wire.closed;
  });
});

describe('a plain websocket', () => {
  it('takes bytes for a bad frame, and stays', async () => {
    const server = await startServer();
    onTestFinished(() => server.close());
    const socket = await (await Person.register(server)).flat();
    socket.raw.send(Buffer.alloc(1000, 0xff), { binary: true });
    expect(await socket.next()).toEqual({ event: 'error', message: 'Frames are JSON text' });
    expect(await socket.untilFence()).toEqual([]);
  }, 60_000);
});
