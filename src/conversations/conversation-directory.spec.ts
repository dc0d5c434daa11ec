import { describe, expect, it } from 'vitest';
import type { ConversationRef } from '../realtime/events.js';
import type { ConversationName } from '../realtime/ports.js';
import { ConversationDirectory } from './conversation-directory.js';
import type { ConversationsRepository } from './conversations.repository.js';

const GENERAL: ConversationRef = {
  id: '0192d3a4-5b6c-7d8e-9fa0-b1c2d3e4f506',
  number: 7,
  kind: 'channel',
  slug: 'general',
};

/** A directory over a database that answers when a test says so. */
function setUp() {
  const queries: { name: ConversationName; answer: (found?: ConversationRef) => void; fail: (error: Error) => void }[] =
    [];
  const conversations = {
    findRef: (name: ConversationName) =>
      new Promise<ConversationRef | undefined>((resolve, reject) =>
        queries.push({ name, answer: resolve, fail: reject }),
      ),
  };
  return { queries, directory: new ConversationDirectory(conversations as unknown as ConversationsRepository) };
}

describe('ConversationDirectory', () => {
  it('asks once for those who ask at once, and never again', async () => {
    const { queries, directory } = setUp();
    const located = Promise.all([directory.locate('general'), directory.locate('general')]);
    await Promise.resolve();
    queries[0]!.answer(GENERAL);
    expect(await located).toEqual([GENERAL, GENERAL]);
    expect(await directory.locate('general')).toBe(GENERAL);
    expect(queries).toHaveLength(1);
  });

  it('asks again for what was not there, or could not be asked for', async () => {
    const { queries, directory } = setUp();
    const missed = directory.locate('general');
    queries[0]!.answer();
    expect(await missed).toBeUndefined();
    const failed = directory.locate('general');
    queries[1]!.fail(new Error('the database is down'));
    await expect(failed).rejects.toThrow('the database is down');
    const found = directory.locate('general');
    queries[2]!.answer(GENERAL);
    expect(await found).toBe(GENERAL);
  });

  it('knows a conversation by each of its names once it was found by one of them', async () => {
    const { queries, directory } = setUp();
    const located = directory.locate('general');
    queries[0]!.answer(GENERAL);
    await located;
    for (const name of ['general', 7, '7', GENERAL.id, GENERAL.id.toUpperCase()]) {
      expect(await directory.locate(name)).toBe(GENERAL);
    }
    expect(queries).toHaveLength(1);
  });

  it('knows a new conversation at once, also where a lookup was begun before it was there', async () => {
    const { queries, directory } = setUp();
    const early = directory.locate('general');
    directory.remember(GENERAL);
    expect(await directory.locate('general')).toBe(GENERAL);
    queries[0]!.answer();
    expect(await early).toBe(GENERAL);
    expect(queries).toHaveLength(1);
  });

  it('does not ask for what cannot be a name', async () => {
    const { queries, directory } = setUp();
    for (const name of ['', 'a b', '\0', '\ud800', 'x'.repeat(65), 0, 1.5, 2 ** 31]) {
      expect(await directory.locate(name)).toBeUndefined();
    }
    expect(queries).toEqual([]);
  });
});
