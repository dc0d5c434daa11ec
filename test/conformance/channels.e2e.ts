import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { once } from 'node:events';
import request from 'supertest';
import { WebSocket } from 'ws';
import { Person } from '../../src/testing/person.js';
import { Rest } from '../../src/testing/rest.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf, Socket } from '../../src/testing/socket.js';

const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('channels (channels.md)', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    server = await startServer();
    [ann, bob] = await Promise.all([Person.register(server), Person.register(server)]);
  });
  afterAll(() => server.close());

  const post = (person: Person, body: object): request.Test =>
    request(server.url).post('/api/v1/messages').set('User-Email', person.email).send(body);

  it('joins the channel of the address at once', async () => {
    const socket = await ann.channels('channel_id=channel123');
    expect(await socket.next()).toStrictEqual({
      type: 'channel_joined',
      channel_id: 'channel123',
      user_email: ann.email,
      timestamp: TIMESTAMP,
    });
  });

  it('joins and leaves channels by frames, telling the one who did', async () => {
    const [anns, bobs] = await Promise.all([ann.channels(), bob.channelsIn('general')]);
    anns.send({ type: 'join_channel', channel_id: 'general' });
    expect(await anns.next()).toStrictEqual({
      type: 'channel_joined',
      channel_id: 'general',
      user_email: ann.email,
      timestamp: TIMESTAMP,
    });
    anns.send({ type: 'leave_channel', channel_id: 'general' });
    expect(await anns.next()).toStrictEqual({
      type: 'channel_left',
      channel_id: 'general',
      user_email: ann.email,
      timestamp: TIMESTAMP,
    });
    expect(await bobs.untilFence()).toEqual([]);
  });

  it('answers a ping with a pong', async () => {
    const socket = await ann.channels();
    socket.send({ type: 'ping' });
    expect(await socket.next()).toStrictEqual({ type: 'pong', timestamp: TIMESTAMP });
  });

  it('broadcasts a message that is sent, updated and deleted by REST to everyone in the channel, its sender too', async () => {
    const [anns, bobs] = await Promise.all([ann.channelsIn('lifecycle'), bob.channelsIn('lifecycle')]);
    const { body } = await post(ann, { channel_id: 'lifecycle', content: 'Hello world!' }).expect(201);
    await request(server.url)
      .put(`/api/v1/messages/${body.id}`)
      .set('User-Email', ann.email)
      .send({ content: 'Updated message' })
      .expect(200);
    await request(server.url).delete(`/api/v1/messages/${body.id}`).set('User-Email', ann.email).expect(204);
    const data = { id: body.id, channel_id: 'lifecycle', user_email: ann.email };
    const common = { channel_id: 'lifecycle', timestamp: TIMESTAMP };
    const expected = [
      { type: 'new_message', ...common, data: { ...data, content: 'Hello world!', created_at: body.created_at } },
      {
        type: 'message_updated',
        ...common,
        data: { ...data, content: 'Updated message', created_at: body.created_at },
      },
      { type: 'message_deleted', ...common, data },
    ];
    expect(await anns.take(3)).toStrictEqual(expected);
    expect(await bobs.take(3)).toStrictEqual(expected);
  });

  it('serves the JavaScript client of the document', async () => {
    const url = `${server.wsUrl}/api/v1/ws?channel_id=javascript`;
    const ws = new WebSocket(url, { headers: { 'User-Email': ann.email } });
    const heard: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- as the document has it
      ws.onmessage = (event) => {
        const message = JSON.parse(event.data as string) as { type: string; data: { id: string; content: string } };
        switch (message.type) {
          case 'new_message':
          case 'message_updated':
            heard.push([message.type, message.data.content]);
            break;
          case 'message_deleted':
            heard.push([message.type, message.data.id]);
            ws.send(JSON.stringify({ type: 'leave_channel', channel_id: 'javascript' }));
            break;
          case 'channel_left':
            resolve();
        }
      };
    });
    await once(ws, 'open');
    const sent = await fetch(`${server.url}/api/v1/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Email': ann.email },
      body: JSON.stringify({ channel_id: 'javascript', content: 'Hello world!' }),
    });
    const { id } = (await sent.json()) as { id: string };
    await ann.rest.patch(`/messages/${id}`, { content: 'Updated message' }).expect(200);
    await ann.rest.delete(`/messages/${id}`).expect(204);
    await done;
    ws.close();
    expect(heard).toEqual([
      ['new_message', 'Hello world!'],
      ['message_updated', 'Updated message'],
      ['message_deleted', id],
    ]);
  });

  it('broadcasts to those in the channel only', async () => {
    const [there, elsewhere] = await Promise.all([bob.channelsIn('here'), bob.channelsIn('there')]);
    await post(ann, { channel_id: 'here', content: 'here only' }).expect(201);
    await there.next();
    expect(await elsewhere.untilFence()).toEqual([]);
  });

  it('sends nothing more to one who has left', async () => {
    const [leaver, stayer] = await Promise.all([ann.channelsIn('leaving'), bob.channelsIn('leaving')]);
    leaver.send({ type: 'leave_channel', channel_id: 'leaving' });
    await leaver.next();
    await post(bob, { channel_id: 'leaving', content: 'gone?' }).expect(201);
    await stayer.next();
    expect(await leaver.untilFence()).toEqual([]);
  });

  it('counts its clients, and those in each open channel', async () => {
    const fresh = await startServer();
    try {
      const [cleo, dan] = await Promise.all([Person.register(fresh), Person.register(fresh)]);
      const sockets = await Promise.all([
        cleo.channelsIn('channel123'),
        cleo.channelsIn('channel123'),
        dan.channelsIn('channel456'),
        dan.channels(),
      ]);
      await cleo.tribe();
      const { body } = await request(fresh.url).get('/api/v1/ws/stats').expect(200);
      expect(body).toStrictEqual({
        success: true,
        data: { total_clients: 4, channels: { channel123: 2, channel456: 1 } },
      });
      await Promise.all(sockets.map((socket) => socket.close()));
      const empty = await request(fresh.url).get('/api/v1/ws/stats').expect(200);
      expect(empty.body).toStrictEqual({ success: true, data: { total_clients: 0, channels: {} } });
    } finally {
      await fresh.close();
    }
  });

  it('answers bad frames with an error and nothing else', async () => {
    const [anns, bobs] = await Promise.all([ann.channelsIn('errors'), bob.channelsIn('errors')]);
    const foreign = await bob.rest.converse(await Person.register(server));
    const frames = [
      'not JSON',
      '[]',
      'true',
      {},
      { type: 'nonsense' },
      { type: ['ping'] },
      { type: 'constructor' },
      { type: 'join_channel' },
      { type: 'join_channel', channel_id: '' },
      { type: 'join_channel', channel_id: {} },
      { type: 'join_channel', channel_id: 'not a slug' },
      { type: 'join_channel', channel_id: 'nul\0' },
      { type: 'join_channel', channel_id: '12345' },
      { type: 'join_channel', channel_id: foreign },
      { type: 'leave_channel', channel_id: 'never-joined' },
      { type: 'leave_channel', channel_id: foreign },
    ];
    for (const frame of frames) {
      anns.send(frame);
      expect(await anns.next(), JSON.stringify(frame)).toStrictEqual({
        type: 'error',
        message: expect.any(String),
        timestamp: TIMESTAMP,
      });
    }
    expect(await bobs.untilFence()).toEqual([]);
  });

  it('requires the e-mail address of a registered user, once', async () => {
    const url = `${server.wsUrl}/api/v1/ws?channel_id=channel123`;
    const attempts: Record<string, string | string[]>[] = [
      {},
      { 'User-Email': 'nobody@example.com' },
      { 'User-Email': [ann.email, bob.email] },
      { 'User-Email': `${ann.email},${bob.email}` },
    ];
    for (const headers of attempts) {
      expect(await refusalOf(url, { headers }), JSON.stringify(headers)).toMatchObject({
        status: 401,
        body: { statusCode: 401 },
      });
    }
  });

  it('refuses what cannot be a channel, and what is not the user’s to hear, before the socket opens', async () => {
    const foreign = await bob.rest.converse(await Person.register(server));
    const headers = { 'User-Email': ann.email };
    const url = (channel: string): string => `${server.wsUrl}/api/v1/ws?channel_id=${encodeURIComponent(channel)}`;
    for (const channel of ['not a slug', '-dash', 'x'.repeat(65), '\0']) {
      expect(await refusalOf(url(channel), { headers }), channel).toMatchObject({ status: 400 });
    }
    for (const channel of [foreign, '01900000-0000-7000-8000-000000000000', '2147483647']) {
      expect(await refusalOf(url(channel), { headers }), channel).toMatchObject({ status: 404 });
    }
  });

  it('does not believe the header at a path of a dialect that signs in by token', async () => {
    const headers = { 'User-Email': ann.email };
    for (const path of ['/ws', '/api/v1/ws?dialect=tribe']) {
      expect(await refusalOf(`${server.wsUrl}${path}`, { headers })).toMatchObject({ status: 401 });
    }
  });

  it('speaks to a client with a token whose first frame has this dialect’s shape', async () => {
    const socket = await Socket.open('tribe', `${server.wsUrl}/api/v1/ws?token=${ann.token}`);
    expect(await socket.next()).toMatchObject({ event: 'connected' });
    socket.correct('channels', { type: 'join_channel', channel_id: 'corrected' });
    expect(await socket.next()).toMatchObject({ type: 'channel_joined', channel_id: 'corrected' });
    await post(bob, { channel_id: 'corrected', content: 'in this form' }).expect(201);
    expect(await socket.next()).toMatchObject({ type: 'new_message', data: { content: 'in this form' } });
  });

  it('makes no channel by itself where that is turned off', async () => {
    const strict = await startServer({ CHANNEL_AUTOCREATE: 'false' });
    try {
      const cleo = await Person.register(strict);
      const socket = await cleo.channels();
      socket.send({ type: 'join_channel', channel_id: 'made-up' });
      expect(await socket.next()).toMatchObject({ type: 'error' });
      await new Rest(strict.url, { 'User-Email': cleo.email })
        .post('/messages', { channel_id: 'made-up', content: 'x' })
        .expect(404);
      expect(
        await refusalOf(`${strict.wsUrl}/api/v1/ws?channel_id=made-up`, { headers: { 'User-Email': cleo.email } }),
      ).toMatchObject({ status: 404 });
    } finally {
      await strict.close();
    }
  });

  it('resumes from an offset with the extension resume', async () => {
    for (const content of ['one', 'two', 'three']) await post(ann, { channel_id: 'resumed', content }).expect(201);
    const bobs = await bob.channels('ext=resume');
    bobs.send({ type: 'join_channel', channel_id: 'resumed', since: 1 });
    expect(await bobs.next()).toMatchObject({ type: 'channel_joined', offset: 3, recovered: true });
    expect((await bobs.take(2)).map(({ offset, data }) => [offset, data.content])).toEqual([
      [2, 'two'],
      [3, 'three'],
    ]);
  });
});
