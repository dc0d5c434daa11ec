import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { Bus } from '../../src/realtime/bus/bus.js';
import type { DomainEvent } from '../../src/realtime/events.js';
import { conversationTopic } from '../../src/realtime/topics.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

const NOT_FOUND = { statusCode: 404, error: 'Not Found', message: 'Message not found' };
const FORBIDDEN = { statusCode: 403, error: 'Forbidden', message: 'Only its sender may change a message' };

let server: TestServer;
let ada: Person;
let bob: Person;
let eve: Person;
let admin: Person;
let id: string;

beforeAll(async () => {
  server = await startServer();
  ada = await Person.register(server);
  bob = await Person.register(server);
  eve = await Person.register(server);
  admin = await Person.register(server);
  await server.app.get(DataSource).query(`UPDATE users SET role = 'admin' WHERE id = $1`, [admin.id]);
  id = await ada.rest.converse(bob);
});
afterAll(() => server.close());

async function eventsOf(conversation: string): Promise<DomainEvent[]> {
  const events: DomainEvent[] = [];
  await server.app.get(Bus).subscribe(conversationTopic(conversation), (event) => events.push(event));
  return events;
}

describe('PATCH and PUT /messages/:id', () => {
  it('give the message a new content, at the conversation’s next offset', async () => {
    const group = await ada.rest.converse(bob, eve);
    const said = await ada.rest.say(group, 'before');
    const events = await eventsOf(group);
    const { body } = await ada.rest.patch(`/messages/${said.id}`, { content: ' after ' }).expect(200);
    expect(body).toEqual({ ...said, content: 'after', is_edited: true, edited_at: expect.any(String) });
    expect(new Date(body.edited_at).toISOString()).toBe(body.edited_at);
    const again = await ada.rest.put(`/messages/${said.number}`, { content: 'after' }).expect(200);
    expect(again.body).toMatchObject({ id: said.id, content: 'after' });
    expect(events).toMatchObject([
      { type: 'message.edited', offset: 2, origin: null, message: { id: said.id, content: 'after' } },
      { type: 'message.edited', offset: 3 },
    ]);
    const { body: list } = await bob.rest.get(`/conversations/${group}/messages`).expect(200);
    expect(list.data).toEqual([again.body]);
    expect((await ada.rest.say(group, 'next')).seq).toBe(2);
    expect(events.at(-1)).toMatchObject({ type: 'message.created', offset: 4 });
  });

  it('are for its sender and admins; to outsiders there is no such message', async () => {
    const said = await ada.rest.say(id, 'mine');
    const edit = { content: 'yours' };
    await bob.rest.patch(`/messages/${said.id}`, edit).expect(403, FORBIDDEN);
    await eve.rest.patch(`/messages/${said.id}`, edit).expect(404, NOT_FOUND);
    await eve.rest.put(`/messages/${newId()}`, edit).expect(404, NOT_FOUND);
    const { body } = await admin.rest.patch(`/messages/${said.id}`, edit).expect(200);
    expect(body).toMatchObject({ content: 'yours', sender: { id: ada.id } });
  });

  it('are refused to the readers of a channel', async () => {
    const { body: said } = await ada.rest.post('/messages', { channel_id: 'open', content: 'mine' }).expect(201);
    await eve.rest.patch(`/messages/${said.id}`, { content: 'yours' }).expect(403, FORBIDDEN);
    await eve.rest.delete(`/messages/${said.id}`).expect(403, FORBIDDEN);
  });

  it.each(['0', '-1', 'x', '2147483647', '99999999999', '%00', newId()])('find no message %s', async (name) => {
    await ada.rest.patch(`/messages/${name}`, { content: 'x' }).expect(404, NOT_FOUND);
    await ada.rest.delete(`/messages/${name}`).expect(404, NOT_FOUND);
  });

  it.each([
    {},
    { content: ' ' },
    { content: 7 },
    { content: 'x'.repeat(4001) },
    { content: '\0' },
    { content: '\udc00' },
  ])('refuse %j', async (edit) => {
    const said = await ada.rest.say(id, 'mine');
    await ada.rest.patch(`/messages/${said.id}`, edit).expect(400);
    await ada.rest.put(`/messages/${said.id}`, edit).expect(400);
  });

  it('take offsets without gaps when much changes at once', async () => {
    const group = await ada.rest.converse(bob, eve);
    const first = await ada.rest.say(group, 'first');
    const events = await eventsOf(group);
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        index % 2 === 0
          ? ada.rest.patch(`/messages/${first.id}`, { content: `edit ${index}` }).expect(200)
          : bob.rest.post(`/conversations/${group}/messages`, { content: `${index}` }).expect(201),
      ),
    );
    const offsets = events.map((event) => ('offset' in event ? event.offset : 0));
    expect(offsets.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 30 }, (_, index) => index + 2));
  });
});

describe('DELETE /messages/:id', () => {
  it('leaves its place without its content, and tells the conversation once', async () => {
    const group = await ada.rest.converse(bob, eve);
    const said = await ada.rest.say(group, 'gone soon');
    await ada.rest.say(group, 'stays');
    const events = await eventsOf(group);
    const answers = await Promise.all([1, 2, 3].map(() => ada.rest.delete(`/messages/${said.id}`)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(events).toMatchObject([{ type: 'message.deleted', offset: 3, message: { id: said.id, content: '' } }]);
    const { body } = await bob.rest.get(`/conversations/${group}/messages?after=0`).expect(200);
    expect(body.data[0]).toEqual({ ...said, content: '', is_deleted: true, deleted_at: expect.any(String) });
    expect(body.data).toHaveLength(2);
    const edit = await ada.rest.patch(`/messages/${said.id}`, { content: 'back' }).expect(409);
    expect(edit.body).toEqual({ statusCode: 409, error: 'Conflict', message: 'The message is deleted' });
  });

  it('is for its sender and admins; to outsiders there is no such message', async () => {
    const said = await ada.rest.say(id, 'mine');
    await bob.rest.delete(`/messages/${said.id}`).expect(403, FORBIDDEN);
    await eve.rest.delete(`/messages/${said.id}`).expect(404, NOT_FOUND);
    await admin.rest.delete(`/messages/${said.number}`).expect(204);
  });
});
