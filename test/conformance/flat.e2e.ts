import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerAdmin } from '../../src/testing/admin.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { Socket } from '../../src/testing/socket.js';

const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('flat (flat-and-dashboard.md, "Chat WebSocket")', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let conversation: string;

  beforeAll(async () => {
    server = await startServer();
    [ann, bob] = await Promise.all([Person.register(server), Person.register(server)]);
    conversation = await ann.rest.converse(bob);
  });
  afterAll(() => server.close());

  it('broadcasts what a client sends to the other participants, with exactly the documented keys', async () => {
    const [anns, bobs] = await Promise.all([ann.flat(), bob.flat()]);
    anns.send({ conversation_id: conversation, content: 'hello', type: 'image' });
    expect(await bobs.next()).toStrictEqual({
      id: expect.any(String),
      conversation_id: conversation,
      sender_id: ann.id,
      content: 'hello',
      message_type: 'image',
      created_at: TIMESTAMP,
      is_edited: false,
      is_deleted: false,
    });
  });

  it('takes "text" for a message that does not say its type', async () => {
    const [anns, bobs] = await Promise.all([ann.flat(), bob.flat()]);
    anns.send({ conversation_id: conversation, content: 'plain' });
    expect(await bobs.next()).toMatchObject({ content: 'plain', message_type: 'text' });
  });

  it('shows a message to all of the sender’s connections but the one that sent it', async () => {
    const [sending, other] = await Promise.all([ann.flat(), ann.flat()]);
    sending.send({ conversation_id: conversation, content: 'from one of two' });
    expect(await other.next()).toMatchObject({ content: 'from one of two', sender_id: ann.id });
    expect(await sending.untilFence()).toEqual([]);
  });

  it('does not show the connection that joins a channel by posting to it its own first message', async () => {
    const [sending, other] = await Promise.all([ann.flat(), ann.flat()]);
    await bob.rest.post('/channels', { slug: 'flat-existing' }).expect(201);
    for (const slug of ['flat-existing', 'flat-made-by-posting']) {
      sending.send({ conversation_id: slug, content: `first in ${slug}` });
      expect(await other.next()).toMatchObject({ content: `first in ${slug}` });
      expect(await sending.untilFence()).toEqual([]);
    }
  });

  it('sends the full message again when it is edited and when it is deleted, with its flag set', async () => {
    const bobs = await bob.flat();
    const { id } = await ann.rest.say(conversation, 'first');
    await ann.rest.patch(`/messages/${id}`, { content: 'second' }).expect(200);
    await ann.rest.delete(`/messages/${id}`).expect(204);
    const [sent, edited, deleted] = await bobs.take(3);
    expect(sent).toMatchObject({ id, content: 'first', is_edited: false, is_deleted: false });
    expect(edited).toStrictEqual({ ...sent, content: 'second', is_edited: true });
    expect(deleted).toStrictEqual({ ...sent, content: '', is_edited: true, is_deleted: true });
  });

  it('hears a conversation from the moment that it begins, and the first message in it', async () => {
    const newcomer = await Person.register(server);
    const socket = await newcomer.flat();
    const fresh = await ann.rest.converse(newcomer, bob);
    await ann.rest.say(fresh, 'welcome');
    expect(await socket.next()).toMatchObject({ conversation_id: fresh, content: 'welcome' });
  });

  it('hears nothing of a conversation any more once it is removed from it', async () => {
    const guest = await Person.register(server);
    const group = await ann.rest.converse(bob, guest);
    const [guests, bobs] = await Promise.all([guest.flat(), bob.flat()]);
    await ann.rest.delete(`/conversations/${group}/participants/${guest.id}`).expect(204);
    await ann.rest.say(group, 'without the guest');
    expect(await bobs.next()).toMatchObject({ content: 'without the guest' });
    expect(await guests.untilFence()).toEqual([]);
  });

  it('hears nothing of conversations of others', async () => {
    const outsider = await (await Person.register(server)).flat();
    const bobs = await bob.flat();
    await ann.rest.say(conversation, 'between us');
    await bobs.next();
    expect(await outsider.untilFence()).toEqual([]);
  });

  it('answers bad frames with an error and nothing else', async () => {
    const [anns, bobs] = await Promise.all([ann.flat(), bob.flat()]);
    const frames = [
      'not JSON',
      '[]',
      '"text"',
      'null',
      { conversation_id: conversation },
      { content: 'to nobody' },
      { conversation_id: conversation, content: 5 },
      { conversation_id: {}, content: 'x' },
      { conversation_id: conversation, content: '  ' },
      { conversation_id: conversation, content: 'x'.repeat(4001) },
      { conversation_id: conversation, content: 'nul \0 inside' },
      `{"conversation_id":"${conversation}","content":"half \\ud800 a pair"}`,
      { conversation_id: '01900000-0000-7000-8000-000000000000', content: 'to one that is not there' },
      { conversation_id: conversation, content: 'x', type: 7 },
      { event: 'nonsense' },
      { event: '__proto__' },
      { event: 'toString' },
      '{"__proto__":{"event":"resume"}}',
      `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`,
    ];
    for (const frame of frames) {
      anns.send(frame);
      expect(await anns.next(), JSON.stringify(frame).slice(0, 80)).toStrictEqual({
        event: 'error',
        message: expect.any(String),
      });
    }
    expect(await bobs.untilFence()).toEqual([]);
  });

  it('gives the same answer for a conversation that is not there and for one that is not yours', async () => {
    const outsider = await (await Person.register(server)).flat();
    outsider.send({ conversation_id: conversation, content: 'let me in' });
    const foreign = await outsider.next();
    outsider.send({ conversation_id: '01900000-0000-7000-8000-000000000000', content: 'let me in' });
    expect(await outsider.next()).toEqual(foreign);
  });

  it('acknowledges a stored message to a client that asked for it, and a repeat with the first message', async () => {
    const anns = await ann.flat('ext=ack');
    const bobs = await bob.flat();
    const frame = { conversation_id: conversation, content: 'once', client_message_id: 'ack-1' };
    anns.send(frame);
    anns.send({ ...frame, content: 'twice' });
    const [first, second] = await anns.take(2);
    expect(first).toStrictEqual({ event: 'ack', client_message_id: 'ack-1', message: expect.any(Object) });
    expect(second).toStrictEqual(first);
    expect(await bobs.next()).toStrictEqual(first.message);
    expect(await bobs.untilFence()).toEqual([]);
  });

  it('keeps the order of frames that a client sends without waiting', async () => {
    const [anns, bobs] = await Promise.all([ann.flat('ext=ack'), bob.flat()]);
    const contents = Array.from({ length: 300 }, (_, index) => `${index}`);
    for (const content of contents) anns.send({ conversation_id: conversation, content });
    expect((await bobs.take(300)).map((frame) => frame.content)).toEqual(contents);
    expect((await anns.take(300)).map((frame) => frame.message.content)).toEqual(contents);
  });

  it('takes a conversation by its number, too', async () => {
    const [anns, bobs] = await Promise.all([ann.flat(), bob.flat()]);
    const { body } = await ann.rest.get(`/conversations/${conversation}`);
    anns.send({ conversation_id: body.number, content: 'by number' });
    expect(await bobs.next()).toMatchObject({ conversation_id: conversation, content: 'by number' });
  });

  it('lets a browser offer its token as a subprotocol, and selects the other one', async () => {
    const socket = await ann.flat('', { protocols: ['parlance.flat', `bearer.${ann.token}`] });
    expect(socket.raw.protocol).toBe('parlance.flat');
  });

  it('serves the path with a slash at its end, when the first frame is flat’s', async () => {
    const bobs = await bob.flat();
    const headers = { authorization: `Bearer ${ann.token}` };
    const anns = await Socket.open('flat', `${server.wsUrl}/ws/`, { headers });
    anns.send({ conversation_id: conversation, content: 'with a slash' });
    expect(await bobs.next()).toMatchObject({ content: 'with a slash' });
  });

  it('tells all of the user’s connections of notifications that are created, read and deleted', async () => {
    const admin = await registerAdmin(server);
    const [first, second, anns] = await Promise.all([bob.flat(), bob.flat(), ann.flat()]);
    const notify = async (link?: string): Promise<string> => {
      const body = { user_id: bob.id, type: 'new_comment', title: 'A comment', message: 'Ann wrote', link };
      return (await admin.rest.post('/notifications', body).expect(201)).body.id as string;
    };
    const [linked, plain] = [await notify('/path/to/content'), await notify()];
    await bob.rest.patch(`/notifications/${linked}/read`, {}).expect(200);
    await bob.rest.post('/notifications/read-all').expect(200);
    await bob.rest.delete(`/notifications/${plain}`).expect(204);
    const created = {
      id: linked,
      user_id: bob.id,
      type: 'new_comment',
      title: 'A comment',
      message: 'Ann wrote',
      link: { String: '/path/to/content', Valid: true },
      is_read: false,
      created_at: TIMESTAMP,
    };
    const expected = [
      created,
      { ...created, id: plain, link: { String: '', Valid: false } },
      { event: 'read', notification_id: linked },
      { event: 'read_all' },
      { event: 'deleted', notification_id: plain },
    ];
    expect(await first.take(5)).toStrictEqual(expected);
    expect(await second.take(5)).toStrictEqual(expected);
    expect(await anns.untilFence()).toEqual([]);
  });

  describe('with the extension resume', () => {
    it('replays what was missed, in order, each change once, and then what happens', async () => {
      const group = await ann.rest.converse(bob, await Person.register(server));
      const first = await ann.rest.say(group, 'one');
      for (const content of ['two', 'three']) await ann.rest.say(group, content);
      await ann.rest.patch(`/messages/${first.id}`, { content: 'one, again' }).expect(200);
      const bobs = await bob.flat('ext=resume');
      bobs.send({ event: 'resume', conversation_id: group, since: 1 });
      expect(await bobs.next()).toStrictEqual({ event: 'resumed', conversation_id: group, offset: 4, recovered: true });
      expect((await bobs.take(3)).map(({ offset, content }) => [offset, content])).toEqual([
        [2, 'two'],
        [3, 'three'],
        [4, 'one, again'],
      ]);
      await ann.rest.say(group, 'four');
      expect(await bobs.next()).toMatchObject({ offset: 5, content: 'four' });
    });

    it('replays nothing when the offset is from the future', async () => {
      const bobs = await bob.flat('ext=resume');
      bobs.send({ event: 'resume', conversation_id: conversation, since: 1_000_000 });
      expect(await bobs.next()).toMatchObject({ event: 'resumed', recovered: false });
      expect(await bobs.untilFence()).toEqual([]);
    });

    it('refuses offsets that are none, and connections that did not ask for the extension', async () => {
      const bobs = await bob.flat('ext=resume');
      for (const since of [-1, 1.5, '1', null, 2 ** 53]) {
        bobs.send({ event: 'resume', conversation_id: conversation, since });
        expect(await bobs.next()).toMatchObject({ event: 'error' });
      }
      const plain = await bob.flat();
      plain.send({ event: 'resume', conversation_id: conversation, since: 0 });
      expect(await plain.next()).toMatchObject({ event: 'error' });
    });
  });
});
