import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.js';

/** A socket that keeps what is written; one that is not read holds it back. */
class Wire extends Duplex {
  readonly writes: Buffer[] = [];
  isRead = true;

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.writes.push(chunk);
    if (this.isRead) done();
  }

  override _read(): void {}
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
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
    for (const text of ['a', 'b', 'c']) outbox.push(Buffer.from(text));
    expect(wire.writes).toEqual([]);
    await turn();
    expect(wire.writes.map(String)).toEqual(['abc']);
  });

  it('writes the same bytes, joined once, to all sockets that are given the same frames', async () => {
    const boxes = [openOutbox(), openOutbox(), openOutbox()];
    for (const frame of [Buffer.from('a'), Buffer.from('b')]) for (const { outbox } of boxes) outbox.push(frame);
    await turn();
    const [first, ...others] = boxes.map(({ wire }) => wire.writes[0]);
    expect(String(first)).toBe('ab');
    for (const other of others) expect(other).toBe(first);
  });

  it('keeps apart what differs between sockets', async () => {
    const [one, other] = [openOutbox(), openOutbox()];
    const shared = Buffer.from('s');
    one.outbox.push(shared);
    one.outbox.push(Buffer.from('1'));
    other.outbox.push(shared);
    other.outbox.push(Buffer.from('2'));
    one.outbox.push(shared);
    await turn();
    expect(one.wire.writes.map(String)).toEqual(['s1s']);
    expect(other.wire.writes.map(String)).toEqual(['s2']);
  });

  it('tells of a reader who left more unread than the limit', async () => {
    const { wire, outbox, overflows } = openOutbox();
    wire.isRead = false;
    outbox.push(Buffer.alloc(LIMIT + 1));
    await turn();
    expect(overflows()).toBe(0);
    outbox.push(Buffer.from('more'));
    await turn();
    expect(overflows()).toBe(1);
    expect(wire.writes).toHaveLength(1);
  });

  it('bears with a reader for whom one turn has more than the limit', async () => {
    const { wire, outbox, overflows } = openOutbox();
    for (let count = 0; count < 3; count++) {
      outbox.push(Buffer.alloc(LIMIT * 2));
      await turn();
    }
    expect(overflows()).toBe(0);
    expect(wire.writes).toHaveLength(3);
  });

  it('leaves out what may be dropped for a reader who lags behind', async () => {
    const { wire, outbox } = openOutbox();
    wire.isRead = false;
    outbox.push(Buffer.alloc(LIMIT / 2));
    await turn();
    outbox.pushDroppable(Buffer.from('typing'));
    outbox.push(Buffer.from('message'));
    await turn();
    expect(wire.writableLength).toBe(LIMIT / 2 + 'message'.length);
  });

  it('writes what waits when it is closed, and takes nothing more', async () => {
    const { wire, outbox } = openOutbox();
    outbox.push(Buffer.from('last'));
    outbox.close();
    outbox.push(Buffer.from('late'));
    await turn();
    expect(wire.writes.map(String)).toEqual(['last']);
  });
});
