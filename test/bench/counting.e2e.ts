import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { Crowd, Miscount } from './generator/crowd.js';
import { chunkBuffer, Kind, Scanner } from './generator/scanner.js';
import { relay } from './speech.js';
import { serverFrame } from './subjects/server-frame.js';
import { makeConversation, makePeople } from './world.js';

describe('the generator', () => {
  const LISTENERS = 4;
  let server: WebSocketServer;
  /** What the server does with a message for one of the others. */
  let pass: (text: string, other: WebSocket) => void;

  beforeAll(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      socket.on('message', (data) => {
        const text = (data as Buffer).toString();
        for (const other of server.clients) if (other !== socket) pass(text, other);
      });
    });
    await once(server, 'listening');
  });

  afterAll(() => server.close());

  /** Has a crowd keep three messages in flight until the server has passed on a hundred, and counts. */
  async function play(passOn: (text: string, other: WebSocket, nth: number) => void): Promise<void> {
    let passed = 0;
    const isEnough = new Promise<void>((resolve) => {
      pass = (text, other) => {
        passOn(text, other, passed++);
        if (passed === 100) resolve();
      };
    });
    const people = makePeople(LISTENERS + 1).map((person) => ({ person, speech: relay }));
    const { port } = server.address() as AddressInfo;
    const crowd = await Crowd.open(
      [{ host: '127.0.0.1', port }],
      [{ conversation: makeConversation([]), listeners: people.slice(1), senders: people.slice(0, 1) }],
    );
    try {
      crowd.saturate(3);
      await isEnough;
      crowd.stop();
      await crowd.settle(500);
    } finally {
      crowd.close();
    }
  }

  it('is content when everyone hears every message once, and in order', async () => {
    await expect(play((text, other) => other.send(text))).resolves.toBeUndefined();
  });

  it('notices one delivery that is missing', async () => {
    await expect(play((text, other, nth) => nth !== 51 && other.send(text))).rejects.toThrow(Miscount);
  });

  it('notices one delivery too many', async () => {
    const twice = play((text, other, nth) => {
      other.send(text);
      if (nth === 51) other.send(text);
    });
    await expect(twice).rejects.toThrow(/heard \d+ messages, not \d+/);
  });

  it('notices two messages in the wrong order', async () => {
    const held = new Map<WebSocket, string>();
    const exchanged = play((text, other, nth) => {
      const before = held.get(other);
      if (nth >= 40 && nth < 40 + LISTENERS) held.set(other, text);
      else other.send(text);
      if (before !== undefined) other.send(before);
      if (before !== undefined) held.delete(other);
    });
    await expect(exchanged).rejects.toThrow('came where');
  });

  it('counts the same frames wherever the chunks in which they come are cut', () => {
    const texts = ['', 'm', 'mes', 'x', 'message', `m${'.'.repeat(300)}`, 'a', `a${'.'.repeat(70_000)}`, 'm'];
    const frames = texts.map(longFrame);
    const stream = Buffer.concat([...frames, ...frames]);
    for (let cut = 1; cut < 400; cut++) {
      const found = { messages: 0, acks: 0, others: [] as string[] };
      const scanner = new Scanner(
        {
          peek: 3,
          sort: (bytes, at, size) =>
            size === 0 ? Kind.OTHER : ({ m: Kind.MESSAGE, a: Kind.ACK }[sign(bytes, at)] ?? Kind.OTHER),
        },
        {
          onMessages: (count) => (found.messages += count),
          onAck: () => found.acks++,
          onText: (_, text) => found.others.push(text),
          onControl: () => expect.unreachable(),
        },
      );
      for (let at = 0; at < stream.length; at += cut) {
        scanner.scan(stream.copy(chunkBuffer, 0, at, Math.min(stream.length, at + cut)));
      }
      expect(found, `cut every ${cut} bytes`).toEqual({ messages: 10, acks: 4, others: ['', 'x', '', 'x'] });
    }
  });
});

const sign = (bytes: Buffer, at: number): string => String.fromCharCode(bytes[at]!);

/** As {@link serverFrame}, of any length. */
function longFrame(text: string): Buffer {
  if (text.length <= 0xffff) return serverFrame(text);
  const head = Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(text.length, 6);
  return Buffer.concat([head, Buffer.from(text)]);
}
