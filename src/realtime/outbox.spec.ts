import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Encoded } from './encoded.js';
import { Outbox } from './outbox.js';

/** A socket that has what is written copied by whoever reads it; one that is not read holds it back, as it was given. */
class Wire extends Duplex {
  /** As given: the memory may serve another purpose when it is read. */
  readonly writes: Buffer[] = [];
  isRead = true;
  private readonly taken: Buffer[] = [];

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.writes.push(chunk);
    this.taken.push(this.isRead ? Buffer.from(chunk) : chunk);
    if (this.isRead) done();
  }

  override _read(): void {}

  /** The texts of each write's frames, all of them short, joined. */
  get texts(): string[] {
    return this.taken.map((write) => {
      let texts = '';
      for (let at = 0; at < write.length; at += 2 + write[at + 1]!) {
        texts += write.toString('utf8', at + 2, at + 2 + write[at + 1]!);
      }
      return texts;
    });
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const frame = (text: string): Encoded => new Encoded(text);
const LIMIT = 100;

function openOutbox(): { wire: Wire; outbox: Outbox; overflows: () => number } {
  const wire = new Wire();
  let count = 0;
  const outbox = new Outbox(wire, LIMIT, () => count++);
  return { wire, outbox, overflows: () => count };
}

describe('Outbox', () => {
  it('writes what one turn has for a socket in one write, in order', async () => {
    const { wire, outbox } = openOutbox();
    outbox.push(frame('a'));
    outbox.pushOwn(frame('b'));
    outbox.push(frame('c'));
    expect(wire.writes).toEqual([]);
    await turn();
    expect(wire.texts).toEqual(['abc']);
  });

  it('writes the same bytes, joined once, to all sockets that are given the same frames', async () => {
    const boxes = [openOutbox(), openOutbox(), openOutbox()];
    for (const each of [frame('a'), frame('b')]) for (const { outbox } of boxes) outbox.push(each);
    await turn();
    const [first, ...others] = boxes.map(({ wire }) => wire.writes[0]);
    expect(boxes[0]!.wire.texts).toEqual(['ab']);
    for (const other of others) expect(other).toBe(first);
  });

  it('keeps apart what differs between sockets', async () => {
    const [one, other] = [openOutbox(), openOutbox()];
    const shared = ['s', 't', 'u', 'v'].map(frame);
    one.outbox.push(shared[0]!);
    other.outbox.push(shared[0]!);
    one.outbox.pushOwn(frame('1'));
    other.outbox.pushOwn(frame('2'));
    one.outbox.push(shared[1]!); // which the other is not given
    one.outbox.push(shared[2]!);
    other.outbox.push(shared[2]!);
    other.outbox.push(shared[3]!); // which the one is not given
    one.outbox.push(frame('w'));
    await turn();
    expect(one.wire.texts).toEqual(['s1tuw']);
    expect(other.wire.texts).toEqual(['s2uv']);
  });

  it('puts parts together in the same memory again, but not in what a slow reader’s stream still holds', async () => {
    const fill = async ({ outbox }: ReturnType<typeof openOutbox>, texts: string): Promise<void> => {
      for (const text of texts) outbox.pushOwn(frame(text));
      await turn();
    };
    const [first, slow, second, third] = [openOutbox(), openOutbox(), openOutbox(), openOutbox()];
    slow.wire.isRead = false;
    await fill(first, 'ab');
    await fill(slow, 'cd');
    await fill(second, 'ef');
    await fill(third, 'gh');
    const boxes = [first, slow, second, third];
    expect(boxes.map(({ wire }) => wire.texts)).toEqual([['ab'], ['cd'], ['ef'], ['gh']]);
    const [, held, next, last] = boxes.map(({ wire }) => wire.writes[0]!.buffer);
    expect(last).toBe(next);
    expect(next).not.toBe(held);
  });

  it('gives each of many sockets exactly what it was given, however they overlap', async () => {
    const boxes = Array.from({ length: 20 }, openOutbox);
    const expected = boxes.map(() => '');
    for (const [count, each] of Array.from({ length: 60 }, (_, index) => frame(`${index},`)).entries()) {
      for (const [index, { outbox }] of boxes.entries()) {
        if ((count * 7 + index) % 5 === 0 || (index > 15 && count % 3 === 0)) continue;
        if ((count + index) % 11 === 0) {
          outbox.pushOwn(frame('own,'));
          expected[index] += 'own,';
        }
        outbox.push(each);
        expected[index] += each.text;
      }
    }
    await turn();
    expect(boxes.map(({ wire }) => wire.texts.join(''))).toEqual(expected);
  });

  it('goes on after it was drained within a turn', async () => {
    const boxes = [openOutbox(), openOutbox()];
    const [a, b, c] = [frame('a'), frame('b'), frame('c')];
    for (const { outbox } of boxes) for (const each of [a, b]) outbox.push(each);
    await boxes[0]!.outbox.drained();
    for (const { outbox } of boxes) outbox.push(c);
    await turn();
    expect(boxes[0]!.wire.texts).toEqual(['ab', 'c']);
    expect(boxes[1]!.wire.texts).toEqual(['abc']);
  });

  it('tells of a reader who left more unread than the limit', async () => {
    const { wire, outbox, overflows } = openOutbox();
    wire.isRead = false;
    outbox.push(frame('x'.repeat(LIMIT + 1)));
    await turn();
    expect(overflows()).toBe(0);
    outbox.push(frame('more'));
    await turn();
    expect(overflows()).toBe(1);
    expect(wire.writes).toHaveLength(1);
  });

  it('bears with a reader for whom one turn has more than the limit', async () => {
    const { wire, outbox, overflows } = openOutbox();
    for (let count = 0; count < 3; count++) {
      outbox.push(frame('x'.repeat(LIMIT * 2)));
      await turn();
    }
    expect(overflows()).toBe(0);
    expect(wire.writes).toHaveLength(3);
  });

  it('leaves out what may be dropped for a reader who lags behind', async () => {
    const { wire, outbox } = openOutbox();
    wire.isRead = false;
    const [first, typing, message] = [frame('x'.repeat(LIMIT / 2)), frame('typing'), frame('message')];
    outbox.push(first);
    await turn();
    outbox.pushDroppable(typing);
    outbox.push(message);
    await turn();
    expect(wire.writableLength).toBe(first.bytes.length + message.bytes.length);
  });

  it('writes what waits when it is closed, and takes nothing more', async () => {
    const { wire, outbox } = openOutbox();
    outbox.push(frame('last'));
    outbox.close();
    outbox.push(frame('late'));
    await turn();
    expect(wire.texts).toEqual(['last']);
  });
});
