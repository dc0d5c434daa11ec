import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf, Socket } from '../../src/testing/socket.js';

const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const UNKNOWN = '01900000-0000-7000-8000-000000000000';

describe('tribe (tribe.md)', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let conversation: string;

  beforeAll(async () => {
    server = await startServer({ PRESENCE_GRACE: '50ms' });
    [ann, bob] = await Promise.all([
      Person.register(server, { username: 'ann', full_name: 'Ann Archer' }),
      Person.register(server),
    ]);
    conversation = await ann.rest.converse(bob);
  });
  afterAll(() => server.close());

  it('confirms the connection', async () => {
    const socket = await Socket.open('tribe', `${server.wsUrl}/api/v1/ws?token=${ann.token}`);
    expect(await socket.next()).toStrictEqual({ event: 'connected', message: 'WebSocket connection established' });
  });

  it('confirms a subscription', async () => {
    const socket = await ann.tribe();
    socket.send({ event: 'subscribe', channel: 'conversation', conversation_id: conversation });
    expect(await socket.next()).toStrictEqual({ event: 'subscribed', conversation_id: conversation });
  });

  it('answers a ping with a pong', async () => {
    const socket = await ann.tribe();
    socket.send({ event: 'ping' });
    expect(await socket.next()).toStrictEqual({ event: 'pong' });
  });

  it('broadcasts a message that is sent by REST to all who subscribed but its sender', async () => {
    const [anns, bobs, bobsOther] = await Promise.all([
      ann.tribeIn(conversation),
      bob.tribeIn(conversation),
      bob.tribeIn(conversation),
    ]);
    const { id } = await ann.rest.say(conversation, 'Message content');
    const expected = {
      event: 'message.new',
      conversation_id: conversation,
      data: {
        id,
        conversation_id: conversation,
        sender: { id: ann.id, username: 'ann', full_name: 'Ann Archer', profile_image_url: null },
        content: 'Message content',
        message_type: 'text',
        created_at: TIMESTAMP,
      },
    };
    expect(await bobs.next()).toStrictEqual(expected);
    expect(await bobsOther.next()).toStrictEqual(expected);
    expect(await anns.untilFence()).toEqual([]);
  });

  it('sends no messages to a connection that has not subscribed', async () => {
    const [silent, bobs] = await Promise.all([bob.tribe(), bob.tribeIn(conversation)]);
    await ann.rest.say(conversation, 'for subscribers');
    await bobs.next();
    expect(await silent.untilFence()).toEqual([]);
  });

  it('sends nothing more after an unsubscribe, which has no answer', async () => {
    const [bobs, other] = await Promise.all([bob.tribeIn(conversation), bob.tribeIn(conversation)]);
    bobs.send({ event: 'unsubscribe', conversation_id: conversation });
    expect(await bobs.untilFence()).toEqual([]);
    await ann.rest.say(conversation, 'after the unsubscribe');
    await other.next();
    expect(await bobs.untilFence()).toEqual([]);
  });

  it('tells the others who is typing', async () => {
    const [anns, bobs] = await Promise.all([ann.tribeIn(conversation), bob.tribeIn(conversation)]);
    for (const is_typing of [true, false]) {
      anns.send({ event: 'typing', conversation_id: conversation, is_typing });
      expect(await bobs.next()).toStrictEqual({
        event: 'typing',
        conversation_id: conversation,
        data: { user_id: ann.id, user_name: 'Ann Archer', is_typing },
      });
    }
    expect(await anns.untilFence()).toEqual([]);
  });

  it('tells a status once to each connection that shares a conversation, and offline when the last connection ends', async () => {
    const group = await ann.rest.converse(bob, await Person.register(server));
    const [anns, bobs, stranger] = await Promise.all([
      ann.tribe(),
      bob.tribeIn(conversation),
      Person.register(server).then((person) => person.tribe()),
    ]);
    bobs.send({ event: 'subscribe', conversation_id: group });
    await bobs.next();
    anns.send({ event: 'presence', status: 'away' });
    const presence = { event: 'presence', data: { user_id: ann.id, user_name: 'Ann Archer', status: 'away' } };
    expect(await bobs.next()).toStrictEqual(presence);
    expect(await bobs.untilFence()).toEqual([]);
    expect(await stranger.untilFence()).toEqual([]);
  });

  it('says offline when a user who announced a presence has closed the last connection', async () => {
    const cleo = await Person.register(server, { full_name: 'Cleo' });
    const shared = await cleo.rest.converse(bob);
    const bobs = await bob.tribeIn(shared);
    const [first, second] = await Promise.all([cleo.tribe(), cleo.tribe()]);
    first.send({ event: 'presence', status: 'online' });
    expect(await bobs.next()).toMatchObject({ data: { status: 'online' } });
    await first.close();
    expect(await bobs.untilFence()).toEqual([]);
    await second.close();
    expect(await bobs.next()).toStrictEqual({
      event: 'presence',
      data: { user_id: cleo.id, user_name: 'Cleo', status: 'offline' },
    });
  });

  it('serves several connections of a user at once, each with subscriptions of its own', async () => {
    const other = await ann.rest.converse(bob, await Person.register(server));
    const [here, there, nowhere] = await Promise.all([bob.tribeIn(conversation), bob.tribeIn(other), bob.tribe()]);
    await ann.rest.say(conversation, 'here');
    await ann.rest.say(other, 'there');
    expect(await here.next()).toMatchObject({ conversation_id: conversation, data: { content: 'here' } });
    expect(await there.next()).toMatchObject({ conversation_id: other, data: { content: 'there' } });
    await there.close();
    await ann.rest.say(conversation, 'still here');
    expect(await here.next()).toMatchObject({ data: { content: 'still here' } });
    for (const socket of [here, nowhere]) expect(await socket.untilFence()).toEqual([]);
  });

  it('verifies a subscription against the database', async () => {
    const socket = await (await Person.register(server)).tribe();
    for (const conversation_id of [conversation, UNKNOWN]) {
      socket.send({ event: 'subscribe', channel: 'conversation', conversation_id });
      expect(await socket.next()).toStrictEqual({ event: 'error', message: 'Conversation not found', conversation_id });
    }
  });

  it('ends the subscription of a user who is removed, at once', async () => {
    const guest = await Person.register(server);
    const group = await ann.rest.converse(bob, guest);
    const [guests, bobs] = await Promise.all([guest.tribeIn(group), bob.tribeIn(group)]);
    await ann.rest.delete(`/conversations/${group}/participants/${guest.id}`).expect(204);
    await ann.rest.say(group, 'without the guest');
    expect(await bobs.next()).toMatchObject({ data: { content: 'without the guest' } });
    expect(await guests.untilFence()).toEqual([]);
  });

  it('answers bad frames with an error and nothing else', async () => {
    const [anns, bobs] = await Promise.all([ann.tribeIn(conversation), bob.tribeIn(conversation)]);
    const frames = [
      'not JSON',
      '[]',
      '7',
      {},
      { event: 'nonsense' },
      { event: 7 },
      { event: '__proto__' },
      { event: 'subscribe' },
      { event: 'subscribe', conversation_id: null },
      { event: 'subscribe', conversation_id: 'nul\0' },
      { event: 'subscribe', conversation_id: '\ud800' },
      { event: 'subscribe', conversation_id: 'x'.repeat(5000) },
      { event: 'subscribe', conversation_id: 1e300 },
      { event: 'subscribe', channel: 'weather', conversation_id: conversation },
      { event: 'typing', conversation_id: conversation },
      { event: 'typing', conversation_id: conversation, is_typing: 'yes' },
      { event: 'typing', conversation_id: UNKNOWN, is_typing: true },
      { event: 'presence', status: 'asleep' },
      { event: 'unsubscribe' },
    ];
    for (const frame of frames) {
      anns.send(frame);
      expect(await anns.next(), JSON.stringify(frame).slice(0, 80)).toMatchObject({
        event: 'error',
        message: expect.any(String),
      });
    }
    anns.raw.send(Buffer.from('{"event":"ping"}'), { binary: true });
    expect(await anns.next()).toMatchObject({ event: 'error' });
    expect(await bobs.untilFence()).toEqual([]);
  });

  it('shows edits and deletes to those who asked for the extension, and to no others', async () => {
    const [plain, asked] = await Promise.all([bob.tribeIn(conversation), bob.tribeIn(conversation, 'ext=edits')]);
    const { id } = await ann.rest.say(conversation, 'first');
    await ann.rest.patch(`/messages/${id}`, { content: 'second' }).expect(200);
    await ann.rest.delete(`/messages/${id}`).expect(204);
    const [sent, updated, deleted] = await asked.take(3);
    expect(updated).toStrictEqual({ ...sent, event: 'message.updated', data: { ...sent.data, content: 'second' } });
    expect(deleted).toStrictEqual({ ...sent, event: 'message.deleted', data: { ...sent.data, content: '' } });
    expect(await plain.next()).toStrictEqual(sent);
    expect(await plain.untilFence()).toEqual([]);
  });

  it('lets anyone subscribe to an open channel', async () => {
    await ann.rest.post('/channels', { slug: 'tribe-open' }).expect(201);
    const { body } = await ann.rest.get('/conversations/tribe-open');
    const outsider = await (await Person.register(server)).tribe();
    outsider.send({ event: 'subscribe', channel: 'conversation', conversation_id: body.id });
    expect(await outsider.next()).toStrictEqual({ event: 'subscribed', conversation_id: body.id });
    await ann.rest.say(body.id, 'for everyone');
    expect(await outsider.next()).toMatchObject({ event: 'message.new', data: { content: 'for everyone' } });
  });

  it('requires a valid access token', async () => {
    for (const query of ['', '?token=', '?token=nonsense', `?token=${ann.refreshToken}`]) {
      expect(await refusalOf(`${server.wsUrl}/api/v1/ws${query}`)).toMatchObject({
        status: 401,
        body: { statusCode: 401, error: 'Unauthorized', message: expect.any(String) },
      });
    }
  });

  describe('with the extension resume', () => {
    it('carries the offset, and replays what was missed before anything live', async () => {
      const group = await ann.rest.converse(bob, await Person.register(server));
      const before = await bob.tribeIn(group, 'ext=resume');
      await ann.rest.say(group, 'heard');
      const { offset } = await before.next();
      await before.close();
      for (const content of ['missed 1', 'missed 2']) await ann.rest.say(group, content);
      const after = await bob.tribe('ext=resume');
      after.send({ event: 'subscribe', conversation_id: group, since: offset });
      expect(await after.next()).toStrictEqual({
        event: 'subscribed',
        conversation_id: group,
        offset: 3,
        recovered: true,
      });
      await ann.rest.say(group, 'live');
      expect((await after.take(3)).map((frame) => [frame.offset, frame.data.content])).toEqual([
        [2, 'missed 1'],
        [3, 'missed 2'],
        [4, 'live'],
      ]);
    });

    it('claims no recovery where no offset was given', async () => {
      const socket = await bob.tribe('ext=resume');
      for (const since of [undefined, null, undefined]) {
        socket.send({ event: 'subscribe', conversation_id: conversation, since });
        expect(await socket.next()).toMatchObject({ offset: expect.any(Number), recovered: false });
      }
    });

    it('loses nothing and repeats nothing to clients that resume while others send', async () => {
      const group = await ann.rest.converse(bob, await Person.register(server));
      const sending = Promise.all(Array.from({ length: 100 }, (_, index) => ann.rest.say(group, `${index}`)));
      const heard = await Promise.all(
        Array.from({ length: 10 }, async () => {
          const socket = await bob.tribe('ext=resume');
          socket.send({ event: 'subscribe', conversation_id: group, since: 0 });
          const { recovered } = await socket.next();
          return { recovered, offsets: (await socket.take(100)).map((frame) => frame.offset) };
        }),
      );
      await sending;
      for (const { recovered, offsets } of heard) {
        expect(recovered).toBe(true);
        expect(offsets).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      }
    });
  });
});
