import { describe, expect, it } from 'vitest';
import { Client } from './client.js';

/** One whose server sends what a test says, and then answers the fence. */
class Scripted extends Client<object> {
  constructor(private readonly beforeFence: readonly object[] = []) {
    super();
  }

  override stall(): void {}
  override flow(): void {}
  override cut(): void {}
  override async close(): Promise<void> {}

  receive(...frames: object[]): void {
    for (const frame of frames) this.arrived(frame);
  }

  end(how: string): void {
    this.ended(how);
  }

  protected override sendFence(name: string): void {
    this.receive(...this.beforeFence, { fence: name });
  }

  protected override isFence(frame: object, name: string): boolean {
    return 'fence' in frame && frame.fence === name;
  }
}

describe('a test’s client', () => {
  it('gives what arrives in its order, also what arrives later', async () => {
    const client = new Scripted();
    client.receive({ a: 1 });
    const later = client.take(2);
    client.receive({ b: 2 });
    expect(await later).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('finds the frame that a test expects, and passes over those before it', async () => {
    const client = new Scripted();
    client.receive({ type: 'other' }, { type: 'this', data: { id: 7, more: true } }, { type: 'next' });
    expect(await client.expectFrame({ type: 'this', data: { id: 7 } })).toMatchObject({ data: { more: true } });
    expect(await client.next()).toEqual({ type: 'next' });
  });

  it('says what had come when the expected frame cannot come any more', async () => {
    const client = new Scripted();
    client.receive({ type: 'other' });
    const expecting = client.expectFrame({ type: 'this' });
    client.end('1008 too many bad frames');
    await expect(expecting).rejects.toThrow(
      "no frame came that is { type: 'this' }: the connection ended: 1008 too many bad frames\nwhat came was\n  { type: 'other' }",
    );
  });

  it('says how it ended', async () => {
    const client = new Scripted();
    const ending = client.expectEnd();
    client.receive({ type: 'farewell' });
    client.end('1012 restarting');
    expect(await ending).toBe('1012 restarting');
  });

  it('takes the answer to a fence for silence, and tells what broke it', async () => {
    await new Scripted().expectSilence();
    await expect(new Scripted([{ type: 'secret' }]).expectSilence()).rejects.toThrow("{ type: 'secret' }");
  });
});
