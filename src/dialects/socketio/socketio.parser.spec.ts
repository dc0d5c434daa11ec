import { describe, expect, it } from 'vitest';
import { Decoder, Encoder, type Packet } from './socketio.parser.js';

function decode(...received: unknown[]): Packet[] {
  const decoder = new Decoder();
  const packets: Packet[] = [];
  decoder.on('decoded', (packet: Packet) => packets.push(packet));
  for (const data of received) decoder.add(data);
  return packets;
}

const MEANINGLESS = { type: 2, nsp: '/', data: [] };

describe('Decoder', () => {
  it.each<[string, Packet]>([
    ['0', { type: 0, nsp: '/' }],
    ['0{"token":"x"}', { type: 0, nsp: '/', data: { token: 'x' } }],
    ['0/admin,{"token":"x"}', { type: 0, nsp: '/admin', data: { token: 'x' } }],
    ['0/admin', { type: 0, nsp: '/admin' }],
    ['1', { type: 1, nsp: '/' }],
    ['2["hello",1]', { type: 2, nsp: '/', data: ['hello', 1] }],
    ['212["hello",{"a":"b\\nc"}]', { type: 2, nsp: '/', id: 12, data: ['hello', { a: 'b\nc' }] }],
    ['2/admin,12["hello"]', { type: 2, nsp: '/admin', id: 12, data: ['hello'] }],
    ['2["disconnect"]', { type: 2, nsp: '/', data: ['disconnect'] }],
  ])('reads %s', (text, packet) => {
    expect(decode(text)).toEqual([packet]);
  });

  it('lets a client without a good auth object be refused for that', () => {
    expect(decode('0not JSON', '0[]', '0null', '0"x"')).toEqual(
      Array.from({ length: 4 }, () => ({ type: 0, nsp: '/' })),
    );
  });

  it.each(['', '2', '2{}', '2not JSON', '2["x"', '21234567890123456["x"]', '4{}', '7[]', 'x', '😀'])(
    'makes of the malformed %j an event that says nothing',
    (text) => {
      expect(decode(text)).toEqual([MEANINGLESS]);
    },
  );

  it('passes attachments over, and takes bytes that none announced for an event that says nothing', () => {
    const bytes = Buffer.from('bytes');
    const placeholder = { _placeholder: true, num: 0 };
    expect(decode(`51-["x",${JSON.stringify(placeholder)}]`, bytes, bytes)).toEqual([
      { type: 2, nsp: '/', data: ['x', placeholder] },
      MEANINGLESS,
    ]);
  });

  it('drops acknowledgements, for which nobody waits', () => {
    expect(decode('31[]', '61-1[{}]')).toEqual([]);
  });
});

describe('Encoder', () => {
  it('writes what the decoder reads', () => {
    const packets: Packet[] = [
      { type: 0, nsp: '/', data: { sid: 'x' } },
      { type: 2, nsp: '/', id: 7, data: ['hello', { a: 1 }] },
      { type: 2, nsp: '/admin', data: ['hello'] },
      { type: 1, nsp: '/' },
    ];
    const encoder = new Encoder();
    expect(decode(...packets.flatMap((packet) => encoder.encode(packet)))).toEqual(packets);
    expect(encoder.encode({ type: 3, nsp: '/', id: 12, data: [{ ok: true }] })).toEqual(['312[{"ok":true}]']);
  });
});
