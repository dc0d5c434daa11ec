import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventPublisher } from '../../src/realtime/publisher.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf, Socket } from '../../src/testing/socket.js';

describe('a connection', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let conversation: string;
  beforeAll(async () => {
    server = await startServer({ HEARTBEAT_INTERVAL: '200ms' });
    [ann, bob] = await Promise.all([Person.register(server), Person.register(server)]);
    conversation = await ann.rest.converse(bob);
  });
  afterAll(() => server.close());

  it('is closed with 4401 when its login ends, and the user’s other logins are not', async () => {
    const cleo = await Person.register(server);
    const other = await cleo.login();
    const [ending, staying] = await Promise.all([cleo.tribe(), other.tribe()]);
    await cleo.rest.post('/auth/logout').expect(204);
    expect(await ending.closed).toMatchObject({ code: 4401 });
    expect(await staying.untilFence()).toEqual([]);
    expect(await refusalOf(`${server.wsUrl}/ws?token=${cleo.token}`)).toMatchObject({ status: 401 });
  });

  it('is closed with 1009 by a frame that is too large, and no other connection notices', async () => {
    const [anns, bobs] = await Promise.all([ann.flat(), bob.flat()]);
    anns.send({ conversation_id: conversation, content: 'x'.repeat(70_000) });
    expect(await anns.closed).toMatchObject({ code: 1009 });
    expect(await bobs.untilFence()).toEqual([]);
  });

  it('is closed with 1008 by bad frames without end', async () => {
    const anns = await ann.flat();
    for (let count = 0; count < 400; count++) anns.send('not JSON');
    expect(await anns.closed).toMatchObject({ code: 1008 });
  });

  it('is cut when its peer does not answer pings', async () => {
    const silent = await Socket.open('flat', `${server.wsUrl}/ws?token=${ann.token}`, { autoPong: false });
    expect(await silent.closed).toMatchObject({ code: 1006 });
  });

  it('stays while its peer answers pings', async () => {
    const socket = await ann.flat();
    await socket.pings(5);
    expect(await socket.untilFence()).toEqual([]);
  });

  it('is closed with 1013 when its reader falls too far behind, and the others hear everything', async () => {
    const bounded = await startServer({ SEND_BUFFER_BYTES: '65536', RATE_LIMITS: 'off' });
    try {
      const [cleo, dan] = await Promise.all([Person.register(bounded), Person.register(bounded)]);
      const talk = await cleo.rest.converse(dan);
      const [slow, quick, sender] = await Promise.all([dan.flat(), dan.flat(), cleo.flat()]);
      slow.stall();
      const count = 3_000; // far more bytes than the kernel's buffers and the server's bound together
      for (let sent = 0; sent < count; sent++) sender.send({ conversation_id: talk, content: 'x'.repeat(4000) });
      expect(await quick.take(count)).toHaveLength(count);
      slow.flow();
      expect(await slow.closed).toMatchObject({ code: 1013 });
    } finally {
      await bounded.close();
    }
  });

  it('is closed with 4401 when its user is disabled', async () => {
    const cleo = await Person.register(server);
    const [anns, ending] = await Promise.all([ann.tribe(), cleo.tribe()]);
    const { body } = await cleo.rest.get('/auth/me').expect(200);
    server.app.get(EventPublisher).publish({
      type: 'user.changed',
      user: {
        id: cleo.id,
        number: body.number as number,
        email: cleo.email,
        username: cleo.username,
        fullName: cleo.fullName,
        profileImageUrl: null,
      },
      role: 'member',
      disabled: true,
    });
    expect(await ending.closed).toMatchObject({ code: 4401, reason: 'disabled' });
    expect(await anns.untilFence()).toEqual([]);
  });

  it('is closed with 4401 when its token expires', async () => {
    const brief = await startServer({ ACCESS_TOKEN_TTL: '2s' });
    try {
      const socket = await (await Person.register(brief)).flat();
      expect(await socket.closed).toMatchObject({ code: 4401, reason: 'token expired' });
    } finally {
      await brief.close();
    }
  });

  it('is told to come back when the server stops, and a frame that was being worked on is finished', async () => {
    const stopping = await startServer();
    const cleo = await Person.register(stopping);
    const dan = await Person.register(stopping);
    const talk = await cleo.rest.converse(dan);
    const socket = await cleo.flat('ext=ack');
    const count = 50;
    for (let sent = 0; sent < count; sent++) socket.send({ conversation_id: talk, content: 'last words' });
    const early = await socket.untilFence(); // the frames are taken in by now, and being worked on
    const closing = stopping.close();
    expect(await socket.closed).toMatchObject({ code: 1012 });
    const acknowledged = [...early, ...(await socket.take(count - early.length))];
    expect(acknowledged.map(({ event }) => event)).toEqual(Array(count).fill('ack'));
    await closing;
  });
});
