import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { ChangeLog } from '../../src/realtime/ports.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

let server: TestServer;
let ada: Person;
let bob: Person;
let eve: Person;
let id: string;

beforeAll(async () => {
  server = await startServer();
  ada = await Person.register(server);
  bob = await Person.register(server);
  eve = await Person.register(server);
  id = await ada.rest.converse(bob);
  for (let count = 1; count <= 7; count++) await ada.rest.say(id, `message ${count}`);
});
afterAll(() => server.close());

async function page(query: string): Promise<{ seqs: number[]; cursor: string | null }> {
  const { body } = await bob.rest.get(`/conversations/${id}/messages?${query}`).expect(200);
  return { seqs: body.data.map(({ seq }: { seq: number }) => seq), cursor: body.next_cursor };
}

async function pages(query: string): Promise<number[][]> {
  const all: number[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const next: Awaited<ReturnType<typeof page>> = await page(`${query}${cursor && `&cursor=${cursor}`}`);
    all.push(next.seqs);
    cursor = next.cursor;
  }
  return all;
}

describe('GET /conversations/:id/messages', () => {
  it('shows the newest first', async () => {
    expect(await page('')).toEqual({ seqs: [7, 6, 5, 4, 3, 2, 1], cursor: null });
    expect((await page('limit=2')).seqs).toEqual([7, 6]);
  });

  it('shows what comes before a message, newest first, and after one, oldest first', async () => {
    expect((await page('before=3')).seqs).toEqual([2, 1]);
    expect((await page('before=6&limit=2')).seqs).toEqual([5, 4]);
    expect((await page('after=5')).seqs).toEqual([6, 7]);
    expect((await page('after=2&limit=2')).seqs).toEqual([3, 4]);
    expect((await page('before=1')).seqs).toEqual([]);
    expect((await page('after=7')).seqs).toEqual([]);
  });

  it('goes from page to page in either direction until all were shown once', async () => {
    expect(await pages('limit=3')).toEqual([[7, 6, 5], [4, 3, 2], [1]]);
    expect(await pages('limit=3&before=7')).toEqual([
      [6, 5, 4],
      [3, 2, 1],
    ]);
    expect(await pages('limit=3&after=0')).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=abc',
    'limit=1.5',
    'before=x',
    'before=0',
    'before=99999999999',
    'after=x',
    'after=-1',
    'after=99999999999',
    'before=5&after=2',
    'cursor=x',
    'cursor=%00',
    `cursor=${Buffer.from('["sideways",3]').toString('base64url')}`,
    `cursor=${Buffer.from('["after",1e12]').toString('base64url')}`,
  ])('refuses %s', async (query) => {
    await bob.rest.get(`/conversations/${id}/messages?${query}`).expect(400);
  });

  it('is for those who take part', async () => {
    const { body } = await eve.rest.get(`/conversations/${id}/messages`).expect(404);
    expect(body).toEqual({ statusCode: 404, error: 'Not Found', message: 'Conversation not found' });
    await eve.rest.get(`/conversations/${newId()}/messages`).expect(404, body);
    await eve.rest.get(`/channels/${id}/messages`).expect(404, body);
  });
});

describe('the change log', () => {
  it('tells what has changed since an offset, each message once and as it stands', async () => {
    const log = server.app.get(ChangeLog);
    const group = await ada.rest.converse(bob, eve);
    const [one, two, three] = [
      await ada.rest.say(group, 'one'),
      await ada.rest.say(group, 'two'),
      await bob.rest.say(group, 'three'),
    ];
    await ada.rest.patch(`/messages/${one.id}`, { content: 'one, edited' }).expect(200);
    await ada.rest.delete(`/messages/${two.id}`).expect(204);
    expect(await log.newest(group)).toBe(5);

    const told = async (offset: number, limit = 100) =>
      (await log.since(group, offset, limit)).map((event) => [event.type, event.offset, event.message.content]);
    expect(await told(0)).toEqual([
      ['message.created', 3, 'three'],
      ['message.created', 4, 'one, edited'],
      ['message.deleted', 5, ''],
    ]);
    expect(await told(2)).toEqual([
      ['message.created', 3, 'three'],
      ['message.edited', 4, 'one, edited'],
      ['message.deleted', 5, ''],
    ]);
    expect(await told(3, 1)).toEqual([['message.edited', 4, 'one, edited']]);
    expect(await told(5)).toEqual([]);
    expect(await told(Number.MAX_SAFE_INTEGER)).toEqual([]);

    const [created] = await log.since(group, 2, 1);
    expect(created).toEqual({
      type: 'message.created',
      conversation: { id: group, number: expect.any(Number), kind: 'group', slug: null },
      offset: 3,
      message: {
        id: three.id,
        number: three.number,
        seq: 3,
        sender: expect.objectContaining({ id: bob.id, email: bob.email }),
        receiver: null,
        content: 'three',
        messageType: 'text',
        clientMessageId: null,
        createdAt: three.created_at,
        editedAt: null,
        deletedAt: null,
      },
      origin: null,
    });
  });

  it('knows nothing of what there is not', async () => {
    const log = server.app.get(ChangeLog);
    expect(await log.since(newId(), 0, 10)).toEqual([]);
    expect(await log.newest(newId())).toBe(0);
  });
});
