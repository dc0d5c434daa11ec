import { describe, expect, it } from 'vitest';
import { Inbox } from './inbox.js';

function openInbox(): { inbox: Inbox; reading: () => boolean; errors: unknown[] } {
  let isReading = true;
  const errors: unknown[] = [];
  const inbox = new Inbox({
    pause: () => (isReading = false),
    resume: () => (isReading = true),
    onError: (error) => errors.push(error),
  });
  return { inbox, reading: () => isReading, errors };
}

const never = new Promise<void>(() => {});

describe('Inbox', () => {
  it('does one thing after the other, however long each takes', async () => {
    const { inbox } = openInbox();
    const done: number[] = [];
    for (const delay of [10, 0, 5]) {
      inbox.add(async () => {
        await new Promise((resolve) => setTimeout(resolve, delay));
        done.push(delay);
      });
    }
    await inbox.whenIdle();
    expect(done).toEqual([10, 0, 5]);
  });

  it('goes on after a failure, and tells of it', async () => {
    const { inbox, errors } = openInbox();
    const done: string[] = [];
    inbox.add(() => {
      throw new Error('at once');
    });
    inbox.add(() => Promise.reject(new Error('later')));
    inbox.add(() => done.push('after'));
    await inbox.whenIdle();
    expect(done).toEqual(['after']);
    expect(errors).toEqual([new Error('at once'), new Error('later')]);
  });

  it('does not wait for what is only tracked, but is not idle before it is settled', async () => {
    const { inbox } = openInbox();
    const done: string[] = [];
    let settle: () => void = () => {};
    inbox.track(new Promise<void>((resolve) => (settle = resolve)));
    inbox.add(() => done.push('next'));
    expect(done).toEqual(['next']);
    const idle = inbox.whenIdle().then(() => done.push('idle'));
    settle();
    await idle;
    expect(done).toEqual(['next', 'idle']);
  });

  it('has the socket read no more while too much waits, and again when that is done', async () => {
    const { inbox, reading } = openInbox();
    for (let count = 0; count < 100; count++) inbox.add(() => new Promise((resolve) => setImmediate(resolve)));
    expect(reading()).toBe(false);
    await inbox.whenIdle();
    expect(reading()).toBe(true);
  });

  it('drops what waits when it is closed, and lets the end of the socket be read', () => {
    const { inbox, reading } = openInbox();
    const done: string[] = [];
    inbox.add(() => never);
    for (let count = 0; count < 100; count++) inbox.add(() => done.push('late'));
    inbox.close();
    inbox.add(() => done.push('too late'));
    expect(reading()).toBe(true);
    expect(done).toEqual([]);
  });
});
