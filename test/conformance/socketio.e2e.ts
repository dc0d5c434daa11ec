import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { registerAdmin } from '../../src/testing/admin.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { connectErrorOf, SocketIoClient, type SocketIoOptions } from '../../src/testing/socketio.js';

const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const UNKNOWN = '01900000-0000-7000-8000-000000000000';

/** A person with the number by which this dialect knows them. */
interface Numbered {
  person: Person;
  number: number;
}

describe('socketio (socketio.md)', () => {
  let server: TestServer;
  let ann: Numbered;
  let bob: Numbered;
  /** Ann's and Bob's direct conversation: its uuid and its number. */
  let direct: { id: string; number: number };

  const register = async (): Promise<Numbered> => {
    const person = await Person.register(server);
    const { body } = await person.rest.get('/auth/me').expect(200);
    return { person, number: body.number as number };
  };
  const numberOf = async (person: Person, id: string): Promise<number> =>
    (await person.rest.get(`/conversations/${id}`).expect(200)).body.number as number;
  const connect = ({ person }: Numbered, options: SocketIoOptions = {}, ext?: string): Promise<SocketIoClient> =>
    SocketIoClient.open(server.url, { transports: ['websocket'], auth: { token: person.token, ext }, ...options });
  const connectIn = async (who: Numbered, conversation: number | string, ext?: string): Promise<SocketIoClient> => {
    const client = await connect(who, {}, ext);
    expect(await client.ask('join_conversation', conversation)).toMatchObject({ ok: true });
    return client;
  };
  /** A group of Ann, Bob and someone else. */
  const startGroup = async (): Promise<{ id: string; number: number; third: Numbered }> => {
    const third = await register();
    const id = await ann.person.rest.converse(bob.person, third.person);
    return { id, number: await numberOf(ann.person, id), third };
  };

  beforeAll(async () => {
    server = await startServer({ PORT: '0,0' });
    [ann, bob] = await Promise.all([register(), register()]);
    const id = await ann.person.rest.converse(bob.person);
    direct = { id, number: await numberOf(ann.person, id) };
  });
  afterAll(() => server.close());

  describe('connecting', () => {
    it.each(['websocket', 'polling'] as const)('works by %s, at every port', async (transport) => {
      for (const url of server.urls) {
        const client = await SocketIoClient.open(url, { transports: [transport], auth: { token: ann.person.token } });
        expect(await client.untilFence()).toEqual([]);
        expect(client.raw.io.engine.transport.name).toBe(transport);
        await client.close();
      }
      const raw = await ann.person.flat();
      expect(await raw.untilFence()).toEqual([]);
    });

    it('begins by polling and goes on by websocket without losing anything', async () => {
      const client = await connect(bob, { transports: ['polling', 'websocket'] });
      await client.ask('join_conversation', direct.number);
      for (let index = 0; index < 20; index++) await ann.person.rest.say(direct.id, `${index}`);
      const events = await client.take(40);
      expect(client.raw.io.engine.transport.name).toBe('websocket');
      const heard = events.filter(([event]) => event === 'new_message').map(([, { content }]) => content);
      expect(heard).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
    });

    it('takes the path with a slash at the end and without', async () => {
      for (const addTrailingSlash of [true, false]) {
        const client = await connect(ann, { addTrailingSlash });
        expect(await client.untilFence()).toEqual([]);
      }
    });

    it('finds the token in the auth object, with or without its scheme, the header or the query', async () => {
      const { token } = ann.person;
      const ways: SocketIoOptions[] = [
        { auth: { token } },
        { auth: { token: `Bearer ${token}` } },
        { extraHeaders: { Authorization: `Bearer ${token}` } },
        { query: { token } },
        { query: { access_token: token } },
      ];
      for (const way of ways) {
        for (const transport of ['websocket', 'polling'] as const) {
          const client = await SocketIoClient.open(server.url, { transports: [transport], ...way });
          expect(await client.untilFence()).toEqual([]);
          await client.close();
        }
      }
    });

    it('takes the first credentials found, good or not', async () => {
      const good = ann.person.token;
      const ways: SocketIoOptions[] = [
        { extraHeaders: { Authorization: 'Bearer nonsense' }, auth: { token: good } },
        { auth: { token: 'nonsense' }, query: { token: good } },
      ];
      for (const way of ways) expect(await connectErrorOf(server.url, way)).toMatchObject({ data: { status: 401 } });
    });

    it.each(['websocket', 'polling'] as const)(
      'is refused with 401 without a valid token, by %s',
      async (transport) => {
        const tokens: unknown[] = [undefined, null, '', 'nonsense', 7, {}, [ann.person.token], ann.person.refreshToken];
        for (const token of tokens) {
          const error = await connectErrorOf(server.url, { transports: [transport], auth: { token } });
          expect(error).toMatchObject({ message: 'Valid credentials are required', data: { status: 401 } });
        }
      },
    );

    it('is refused with 403 from a web page elsewhere', async () => {
      for (const transport of ['websocket', 'polling'] as const) {
        const extraHeaders = { Origin: 'https://evil.example' };
        const error = await connectErrorOf(server.url, {
          transports: [transport],
          extraHeaders,
          auth: { token: ann.person.token },
        });
        expect(error.data).toEqual({ status: 403 });
      }
      const polling = `${server.url}/socket.io/?EIO=4&transport=polling`;
      const elsewhere = await fetch(polling, { headers: { Origin: 'https://evil.example' } });
      expect(elsewhere.headers.get('access-control-allow-origin')).toBeNull();
      const here = await fetch(polling, { headers: { Origin: 'http://localhost:5173' } });
      expect(here.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    });

    it('is refused with 429 when the user has too many connections, of whatever dialect', async () => {
      const bounded = await startServer({ MAX_CONNECTIONS_PER_USER: '2' });
      try {
        const person = await Person.register(bounded);
        const auth = { token: person.token };
        await person.tribe();
        const client = await SocketIoClient.open(bounded.url, { auth });
        expect(await connectErrorOf(bounded.url, { auth })).toMatchObject({ data: { status: 429 } });
        expect(await client.untilFence()).toEqual([]);
      } finally {
        await bounded.close();
      }
    });

    it('is refused in a namespace of its own', async () => {
      const auth = { token: ann.person.token };
      expect(await connectErrorOf(`${server.url}/admin`, { auth })).toMatchObject({ message: 'Invalid namespace' });
    });

    it('is not what a plain websocket can ask for', async () => {
      const raw = new WebSocket(`${server.wsUrl}/ws?dialect=socketio&token=${ann.person.token}`);
      const status = await new Promise((resolve) => {
        raw.on('unexpected-response', (_, { statusCode }) => resolve(statusCode));
        raw.on('error', resolve);
      });
      expect(status).toBe(400);
    });
  });

  describe('messages', () => {
    it('arrive in the room as new_message, the sender’s sockets too, and as message_notification at the others', async () => {
      const [anns, bobs, away] = await Promise.all([
        connectIn(ann, direct.number),
        connectIn(bob, `${direct.number}`),
        connect(bob, { transports: ['polling'] }),
      ]);
      anns.emit('send_message', { conversationId: direct.number, content: 'Hello world!', toUserId: bob.number });
      const message = {
        id: expect.any(Number),
        conversation_id: direct.number,
        sender_id: ann.number,
        receiver_id: bob.number,
        content: 'Hello world!',
        is_read: false,
        created_at: TIMESTAMP,
      };
      const notification = ['message_notification', { ...message, type: 'new_message' }];
      expect(await anns.next()).toStrictEqual(['new_message', { ...message, read_at: null }]);
      expect(await bobs.take(2)).toStrictEqual([['new_message', { ...message, read_at: null }], notification]);
      expect(await away.next()).toStrictEqual(notification);
      for (const client of [anns, bobs, away]) expect(await client.untilFence()).toEqual([]);
    });

    it('answer the callback that the client passed', async () => {
      const anns = await connect(ann);
      const sent = await anns.ask('send_message', { conversationId: direct.id, content: 'acknowledged' });
      expect(sent).toStrictEqual({
        ok: true,
        message: {
          id: expect.any(Number),
          conversation_id: direct.number,
          sender_id: ann.number,
          receiver_id: bob.number,
          content: 'acknowledged',
          is_read: false,
          read_at: null,
          created_at: TIMESTAMP,
        },
      });
      expect(await anns.ask('send_message', { conversationId: UNKNOWN, content: 'refused' })).toStrictEqual({
        ok: false,
        error: 'Conversation not found',
      });
      expect(await anns.next()).toStrictEqual(['error', { message: 'Conversation not found' }]);
      expect(await anns.untilFence()).toEqual([]);
    });

    it('sent twice under one client_message_id are one message', async () => {
      const [anns, bobs] = await Promise.all([connect(ann), connectIn(bob, direct.id)]);
      const message = { conversationId: direct.number, content: 'once', client_message_id: 'socketio-1' };
      const answers = await Promise.all([anns.ask('send_message', message), anns.ask('send_message', message)]);
      expect(answers[1]).toStrictEqual(answers[0]);
      expect((await bobs.take(2)).map(([event]) => event)).toEqual(['new_message', 'message_notification']);
      expect(await bobs.untilFence()).toEqual([]);
    });

    it('to someone start the direct conversation with them once, however many are sent at once', async () => {
      const [cleo, dan] = await Promise.all([register(), register()]);
      const [cleos, dans] = await Promise.all([connect(cleo), connect(dan)]);
      const answers = await Promise.all([
        ...[dan.number, `${dan.number}`, dan.person.id].map((toUserId) =>
          cleos.ask('send_message', { content: 'hello', toUserId }),
        ),
        dans.ask('send_message', { content: 'hello', toUserId: cleo.number }),
      ]);
      expect(new Set(answers.map(({ message }) => message.conversation_id)).size).toBe(1);
      expect(answers.map(({ message }) => message.receiver_id)).toEqual([...Array(3).fill(dan.number), cleo.number]);
      expect((await dans.take(3)).map(([event]) => event)).toEqual(Array(3).fill('message_notification'));
      expect(await cleos.next()).toMatchObject(['message_notification', { sender_id: dan.number }]);
    });

    it('in a group are addressed to whom the sender named, or to nobody', async () => {
      const group = await startGroup();
      const [anns, bobs] = await Promise.all([connect(ann), connectIn(bob, group.number)]);
      for (const [toUserId, receiver_id] of [
        [bob.number, bob.number],
        [undefined, null],
      ]) {
        const answer = await anns.ask('send_message', { conversationId: group.number, content: 'hi', toUserId });
        expect(answer).toMatchObject({ ok: true, message: { receiver_id } });
        expect(await bobs.take(2)).toMatchObject([
          ['new_message', { receiver_id }],
          ['message_notification', { receiver_id }],
        ]);
      }
    });

    it('do not reach a room that was left', async () => {
      const bobs = await connectIn(bob, direct.number);
      expect(await bobs.ask('leave_conversation', direct.number)).toStrictEqual({ ok: true });
      await ann.person.rest.say(direct.id, 'after leaving');
      expect(await bobs.next()).toMatchObject(['message_notification', { content: 'after leaving' }]);
      expect(await bobs.untilFence()).toEqual([]);
    });

    it('keep their order', async () => {
      const [anns, bobs] = await Promise.all([connect(ann), connectIn(bob, direct.number)]);
      const contents = Array.from({ length: 50 }, (_, index) => `in order ${index}`);
      for (const content of contents) anns.emit('send_message', { conversationId: direct.number, content });
      const events = await bobs.take(100);
      expect(events.filter(([event]) => event === 'new_message').map(([, { content }]) => content)).toEqual(contents);
    });

    it('cross to and from the other dialects and REST', async () => {
      const group = await startGroup();
      const [anns, tribe, flat] = await Promise.all([
        connectIn(ann, group.number),
        bob.person.tribeIn(group.id),
        group.third.person.flat(),
      ]);
      anns.emit('send_message', { conversationId: group.number, content: 'from socketio' });
      expect(await tribe.next()).toMatchObject({ event: 'message.new', data: { content: 'from socketio' } });
      expect(await flat.next()).toMatchObject({ conversation_id: group.id, content: 'from socketio' });
      await anns.next();
      flat.send({ conversation_id: group.id, content: 'from flat' });
      const data = { conversation_id: group.number, sender_id: group.third.number, content: 'from flat' };
      expect(await anns.take(2)).toMatchObject([
        ['new_message', data],
        ['message_notification', data],
      ]);
      const { number } = await bob.person.rest.say(group.id, 'by REST');
      expect(await anns.next()).toMatchObject(['new_message', { id: number, content: 'by REST' }]);
    });

    it('of an open channel are heard by anyone who joins it', async () => {
      await ann.person.rest.post('/channels', { slug: 'socketio-open' }).expect(201);
      const stranger = await connectIn(await register(), 'socketio-open');
      await ann.person.rest.say('socketio-open', 'for everyone');
      expect(await stranger.next()).toMatchObject(['new_message', { content: 'for everyone', receiver_id: null }]);
      expect(await stranger.untilFence()).toEqual([]);
    });
  });

  it('serves the component of the document, from connecting to cleaning up', async () => {
    /** As the document's users write it, without the acknowledgements that it does not know. */
    const mount = async ({ person }: Numbered): Promise<SocketIoClient> => {
      const client = await SocketIoClient.open(server.url, { path: '/socket.io', auth: { token: person.token } });
      client.emit('join_conversation', direct.number);
      await client.untilFence();
      return client;
    };
    const [anns, bobs] = [await mount(ann), await mount(bob)];
    anns.emit('typing_start', { conversationId: direct.number, toUserId: bob.number });
    anns.emit('send_message', { conversationId: direct.number, content: 'from a component', toUserId: bob.number });
    expect(await bobs.take(3)).toMatchObject([
      ['typing_start', { userId: ann.number }],
      ['new_message', { content: 'from a component' }],
      ['message_notification', { content: 'from a component' }],
    ]);
    expect(await anns.untilFence()).toMatchObject([['new_message', { content: 'from a component' }]]);
    bobs.emit('leave_conversation', direct.number);
    await bobs.close();
    expect(await bobs.disconnected).toBe('io client disconnect');
    anns.emit('send_message', { conversationId: direct.number, content: 'to nobody there', toUserId: bob.number });
    expect(await anns.next()).toMatchObject(['new_message', { content: 'to nobody there' }]);
    expect(await anns.untilFence()).toEqual([]);
  });

  describe('reading, typing and notifications', () => {
    it('tells the room but its reader that messages were read, by an event or by REST', async () => {
      const [anns, bobs] = await Promise.all([connectIn(ann, direct.number), connectIn(bob, direct.number)]);
      const read = ['messages_read', { conversationId: direct.number, userId: bob.number, readAt: TIMESTAMP }];
      await ann.person.rest.say(direct.id, 'to be read');
      await anns.next();
      await bobs.take(2);
      expect(await bobs.ask('mark_read', { conversationId: direct.number })).toStrictEqual({ ok: true });
      expect(await anns.next()).toStrictEqual(read);
      await ann.person.rest.say(direct.id, 'to be read by REST');
      await anns.next();
      await bobs.take(2);
      await bob.person.rest.post(`/conversations/${direct.id}/read`).expect(200);
      expect(await anns.next()).toStrictEqual(read);
      expect(await bobs.untilFence()).toEqual([]);
    });

    it('marks every unread message of the conversation as read, and of no other', async () => {
      const [cleo, other] = await Promise.all([register(), startGroup()]);
      const id = await ann.person.rest.converse(cleo.person);
      for (const content of ['one', 'two', 'three']) await ann.person.rest.say(id, content);
      await ann.person.rest.say(other.id, 'elsewhere');
      const unreadBy = async ({ person }: Numbered, conversation: string): Promise<unknown> =>
        (await person.rest.get(`/conversations/${conversation}`).expect(200)).body.unread_count;
      expect(await unreadBy(cleo, id)).toBe(3);
      const cleos = await connect(cleo);
      expect(await cleos.ask('mark_read', { conversationId: await numberOf(cleo.person, id) })).toMatchObject({
        ok: true,
      });
      expect(await unreadBy(cleo, id)).toBe(0);
      expect(await unreadBy(other.third, other.id)).toBe(1);
    });

    it('tells the room but who types of typing, in tribe too', async () => {
      const [anns, bobs, tribe] = await Promise.all([
        connectIn(ann, direct.number),
        connectIn(bob, direct.number),
        bob.person.tribeIn(direct.id),
      ]);
      const payload = { conversationId: direct.number, toUserId: bob.number };
      for (const [event, is_typing] of [
        ['typing_start', true],
        ['typing_stop', false],
      ] as const) {
        anns.emit(event, payload);
        expect(await bobs.next()).toStrictEqual([event, { conversationId: direct.number, userId: ann.number }]);
        expect(await tribe.next()).toMatchObject({ event: 'typing', data: { user_id: ann.person.id, is_typing } });
      }
      tribe.send({ event: 'typing', conversation_id: direct.id, is_typing: true });
      const data = { conversationId: direct.number, userId: bob.number };
      expect(await anns.next()).toStrictEqual(['typing_start', data]);
      expect(await anns.untilFence()).toEqual([]);
      expect(await bobs.untilFence()).toEqual([]);
    });

    it('brings system notifications to all of the user’s sockets, and to nobody else', async () => {
      const admin = await registerAdmin(server);
      const [first, second, other] = await Promise.all([
        connect(bob),
        connect(bob, { transports: ['polling'] }),
        connect(ann),
      ]);
      const content = {
        title: 'Project Update',
        message: 'You have been assigned to Project X',
        type: 'project_assigned',
      };
      await admin.rest.post('/notifications', { user_id: bob.person.id, ...content }).expect(201);
      const expected = [
        'new_notification',
        { id: expect.any(Number), user_id: bob.number, ...content, created_at: TIMESTAMP },
      ];
      expect(await first.next()).toStrictEqual(expected);
      expect(await second.next()).toStrictEqual(expected);
      expect(await other.untilFence()).toEqual([]);
    });
  });

  describe('refusals', () => {
    it('answer bad events with an error and nothing else', async () => {
      const [anns, bobs] = await Promise.all([connectIn(ann, direct.number), connectIn(bob, direct.number)]);
      const id = direct.number;
      const emitted: unknown[][] = [
        ['nonsense'],
        ['__proto__', {}],
        ['constructor', {}],
        ['toString'],
        ['hasOwnProperty', 1],
        ['error', 'mine'],
        ['connection', {}],
        ['join_conversation'],
        ['join_conversation', null],
        ['join_conversation', {}],
        ['join_conversation', []],
        ['join_conversation', true],
        ['join_conversation', 0],
        ['join_conversation', -1],
        ['join_conversation', 1.5],
        ['join_conversation', 1e300],
        ['join_conversation', 2 ** 31],
        ['join_conversation', 'nul\0'],
        ['join_conversation', '\ud800'],
        ['join_conversation', 'x'.repeat(5000)],
        ['join_conversation', UNKNOWN],
        ['join_conversation', Buffer.from('bytes')],
        ['leave_conversation'],
        ['leave_conversation', UNKNOWN],
        ['send_message'],
        ['send_message', 'text'],
        ['send_message', id, 'text'],
        ['send_message', [id, 'text']],
        ['send_message', { conversationId: id }],
        ['send_message', { conversationId: id, content: '' }],
        ['send_message', { conversationId: id, content: 7 }],
        ['send_message', { conversationId: id, content: 'nul\0' }],
        ['send_message', { conversationId: id, content: '\ud800' }],
        ['send_message', { conversationId: id, content: 'x'.repeat(4001) }],
        ['send_message', { conversationId: id, content: { toString: 'x' } }],
        ['send_message', { conversationId: id, content: Buffer.from('bytes') }],
        ['send_message', { conversationId: {}, content: 'x' }],
        ['send_message', { conversationId: id, content: 'x', toUserId: {} }],
        ['send_message', { conversationId: id, content: 'x', toUserId: -1 }],
        ['send_message', { conversationId: id, content: 'x', client_message_id: 7 }],
        ['send_message', { conversationId: id, content: 'x', client_message_id: 'x'.repeat(65) }],
        ['send_message', { content: 'x' }],
        ['send_message', { content: 'x', toUserId: ann.number }],
        ['send_message', { content: 'x', toUserId: 2 ** 31 - 1 }],
        ['send_message', { content: 'x', toUserId: UNKNOWN }],
        ['mark_read'],
        ['mark_read', { conversationId: UNKNOWN }],
        ['typing_start', {}],
        ['typing_stop', { conversationId: UNKNOWN, toUserId: bob.number }],
      ];
      for (const [event, ...args] of emitted) {
        anns.emit(event as string, ...args);
        expect(await anns.next(), JSON.stringify([event, ...args]).slice(0, 80)).toStrictEqual([
          'error',
          { message: expect.any(String) },
        ]);
      }
      expect(await bobs.untilFence()).toEqual([]);
    });

    it('tell a callback, too, what was wrong', async () => {
      const anns = await connect(ann);
      for (const [event, ...args] of [
        ['nonsense'],
        ['join_conversation', UNKNOWN],
        ['send_message', {}],
        ['mark_read', 7e7],
        ['typing_start'],
      ] as [string, ...unknown[]][]) {
        expect(await anns.ask(event, ...args)).toStrictEqual({ ok: false, error: expect.any(String) });
        expect(await anns.next()).toMatchObject(['error', {}]);
      }
    });

    it('do not tell a conversation of others from none', async () => {
      const stranger = await connect(await register());
      const { number } = await startGroup();
      for (const conversationId of [direct.number, direct.id, number, UNKNOWN, 2 ** 31 - 1]) {
        for (const toUserId of [undefined, bob.number, 2 ** 31 - 2]) {
          const answer = await stranger.ask('send_message', { conversationId, content: 'x', toUserId });
          expect(answer).toStrictEqual({ ok: false, error: 'Conversation not found' });
        }
        for (const event of ['join_conversation', 'mark_read', 'typing_start', 'leave_conversation']) {
          const answer = await stranger.ask(event, { conversationId });
          expect(answer).toStrictEqual({ ok: false, error: 'Conversation not found' });
        }
      }
    });

    it('disconnect who sends bad events without end', async () => {
      const person = await register();
      for (const transport of ['websocket', 'polling'] as const) {
        const client = await connect(person, { transports: [transport] });
        for (let count = 0; count < 400; count++) client.emit('nonsense');
        expect(await client.disconnected).toBe('io server disconnect');
      }
    });

    it('disconnect who sends too much at once, and no other socket notices', async () => {
      for (const transport of ['websocket', 'polling'] as const) {
        const [anns, bobs] = await Promise.all([connect(ann, { transports: [transport] }), connect(bob)]);
        anns.emit('send_message', { conversationId: direct.number, content: 'x'.repeat(70_000) });
        expect(await anns.disconnected).toMatch(/^transport/);
        expect(await bobs.untilFence()).toEqual([]);
      }
    });

    it('make who sends faster than is handled wait, by whatever transport', async () => {
      for (const transport of ['websocket', 'polling'] as const) {
        const [anns, bobs] = await Promise.all([connect(ann, { transports: [transport] }), connectIn(bob, direct.id)]);
        const count = 400;
        for (let sent = 0; sent < count; sent++) {
          anns.emit('send_message', { conversationId: direct.number, content: `${sent}` });
        }
        const heard = (await bobs.take(2 * count)).filter(([event]) => event === 'new_message');
        expect(heard.map(([, { content }]) => Number(content))).toEqual(Array.from({ length: count }, (_, n) => n));
      }
    });

    it('answer what is not Socket.IO with an error, too', async () => {
      const { token } = ann.person;
      const packets = [
        '2not JSON',
        '2{}',
        '2',
        '2["disconnect"]',
        '2["connect"]',
        '2["newListener"]',
        '2[7]',
        '4{}',
        '9',
      ];
      for (const packet of [...packets.map((text) => `4${text}`), Buffer.from('bytes')]) {
        const raw = new WebSocket(`${server.wsUrl}/socket.io/?EIO=4&transport=websocket`);
        const answer = await new Promise<string>((resolve, reject) => {
          raw.on('close', () => reject(new Error(`${packet.toString()} closes`)));
          raw.on('message', (data) => {
            const text = (data as Buffer).toString();
            if (text.startsWith('0')) raw.send(`40${JSON.stringify({ token })}`);
            else if (text.startsWith('40')) raw.send(packet);
            else resolve(text);
          });
        });
        expect(answer, packet.toString()).toMatch(/^42\["error",\{"message":"[^"]/);
        raw.terminate();
      }
    });

    it('of what is not even Engine.IO close that client only', async () => {
      for (const packet of ['x', '', '9', '2', 'b%%%', '\u{1f600}']) {
        const raw = new WebSocket(`${server.wsUrl}/socket.io/?EIO=4&transport=websocket`);
        const closed = new Promise((resolve) => raw.on('close', resolve));
        raw.once('message', () => raw.send(packet));
        await closed;
      }
      const polling = `${server.url}/socket.io/?EIO=4&transport=polling`;
      const { sid } = JSON.parse((await (await fetch(polling)).text()).slice(1)) as { sid: string };
      const answers = ['PUT', 'DELETE', 'PATCH'].map((method) => fetch(`${polling}&sid=${sid}`, { method }));
      for (const { status } of await Promise.all(answers)) expect(status).toBe(405);
      await fetch(`${polling}&sid=${sid}`, { method: 'POST', body: 'x' });
      expect((await fetch(`${polling}&sid=${sid}`)).status).toBe(400);
      expect(await (await connect(ann)).untilFence()).toEqual([]);
    });
  });

  describe('what is taken away', () => {
    it('is heard no more by a participant who is removed', async () => {
      const group = await startGroup();
      const [thirds, bobs] = await Promise.all([connectIn(group.third, group.id), connectIn(bob, group.id)]);
      await ann.person.rest.delete(`/conversations/${group.id}/participants/${group.third.person.id}`).expect(204);
      await ann.person.rest.say(group.id, 'without the third');
      expect(await bobs.next()).toMatchObject(['new_message', { content: 'without the third' }]);
      expect(await thirds.untilFence()).toEqual([]);
      const answer = await thirds.ask('send_message', { conversationId: group.number, content: 'x' });
      expect(answer).toMatchObject({ ok: false });
    });

    it.each(['websocket', 'polling'] as const)('ends the sockets of a login that ends, by %s', async (transport) => {
      const cleo = await register();
      const other = { ...cleo, person: await cleo.person.login() };
      const [ending, staying] = await Promise.all([connect(cleo, { transports: [transport] }), connect(other)]);
      await cleo.person.rest.post('/auth/logout').expect(204);
      expect(await ending.next()).toStrictEqual(['error', { message: 'logged out' }]);
      expect(await ending.disconnected).toBe('io server disconnect');
      expect(await staying.untilFence()).toEqual([]);
      const { token } = cleo.person;
      expect(await connectErrorOf(server.url, { auth: { token } })).toMatchObject({ data: { status: 401 } });
    });

    it('ends the socket whose token expires', async () => {
      const brief = await startServer({ ACCESS_TOKEN_TTL: '2s' });
      try {
        const { token } = await Person.register(brief);
        const client = await SocketIoClient.open(brief.url, { auth: { token } });
        expect(await client.next()).toStrictEqual(['error', { message: 'token expired' }]);
        expect(await client.disconnected).toBe('io server disconnect');
      } finally {
        await brief.close();
      }
    });

    it('is not what its readers fail to read: who falls too far behind is disconnected, to come back', async () => {
      const bounded = await startServer({ SEND_BUFFER_BYTES: '65536', RATE_LIMITS: 'off' });
      try {
        const [cleo, dan] = await Promise.all([Person.register(bounded), Person.register(bounded)]);
        const conversationId = await cleo.rest.converse(dan);
        const open = (person: Person): Promise<SocketIoClient> =>
          SocketIoClient.open(bounded.url, { transports: ['websocket'], auth: { token: person.token } });
        const [slow, quick, sender] = await Promise.all([open(dan), open(dan), open(cleo)]);
        slow.stall();
        const count = 3_000; // far more bytes than the kernel's buffers and the server's bound together
        for (let sent = 0; sent < count; sent++) {
          sender.emit('send_message', { conversationId, content: 'x'.repeat(4000) });
        }
        expect(await quick.take(count)).toHaveLength(count);
        slow.flow();
        expect(await slow.disconnected).toBe('transport close');
      } finally {
        await bounded.close();
      }
    });
  });

  it('stays while its peer answers pings, by whatever transport, and is cut when it does not', async () => {
    const pulsing = await startServer({ HEARTBEAT_INTERVAL: '200ms' });
    try {
      const person = await Person.register(pulsing);
      const auth = { token: person.token };
      const raw = new WebSocket(`${pulsing.wsUrl}/socket.io/?EIO=4&transport=websocket`);
      const closed = new Promise((resolve) => raw.on('close', resolve));
      raw.on('open', () => raw.send(`40${JSON.stringify(auth)}`));
      for (const transport of ['websocket', 'polling'] as const) {
        const client = await SocketIoClient.open(pulsing.url, { transports: [transport], auth });
        let pings = 0;
        await new Promise<void>((resolve) => client.raw.io.on('ping', () => ++pings === 5 && resolve()));
        expect(await client.untilFence()).toEqual([]);
      }
      await closed;
    } finally {
      await pulsing.close();
    }
  });

  it('tells clients of whatever transport to come back when the server stops, and holds nothing up', async () => {
    const stopping = await startServer();
    const person = await Person.register(stopping);
    const auth = { token: person.token };
    const [socket, polling] = await Promise.all([
      SocketIoClient.open(stopping.url, { transports: ['websocket'], auth }),
      SocketIoClient.open(stopping.url, { transports: ['polling'], auth }),
    ]);
    const idle = new WebSocket(`${stopping.wsUrl}/socket.io/?EIO=4&transport=websocket`); // never says who it is
    await new Promise((resolve) => idle.on('message', resolve));
    await stopping.close();
    expect(await socket.disconnected).toBe('transport close');
    expect(await polling.disconnected).toMatch(/^transport/);
  });

  describe('with extensions', () => {
    it('shows edits and deletes to those who asked for them, by auth or query, and to no others', async () => {
      const group = await startGroup();
      const asked = await connectIn(ann, group.number, 'edits');
      const listed = await connect(ann, { auth: { token: ann.person.token, ext: ['edits'] } });
      const queried = await connect(ann, { query: { ext: 'edits' } });
      const plain = await connectIn(ann, group.number);
      for (const client of [listed, queried]) await client.ask('join_conversation', group.number);
      const { id } = await ann.person.rest.say(group.id, 'first');
      await ann.person.rest.patch(`/messages/${id}`, { content: 'second' }).expect(200);
      await ann.person.rest.delete(`/messages/${id}`).expect(204);
      for (const client of [asked, listed, queried]) {
        const [sent, updated, deleted] = await client.take(3);
        expect(updated).toStrictEqual(['message_updated', { ...sent![1], content: 'second' }]);
        expect(deleted).toStrictEqual(['message_deleted', { ...sent![1], content: '' }]);
      }
      expect(await plain.next()).toMatchObject(['new_message', { content: 'first' }]);
      expect(await plain.untilFence()).toEqual([]);
    });

    it('carries offsets, and replays what was missed before anything live, with what was read meanwhile', async () => {
      const [cleo, dan] = await Promise.all([register(), register()]);
      const id = await cleo.person.rest.converse(dan.person);
      for (const content of ['heard', 'missed, read', 'missed']) {
        await cleo.person.rest.say(id, content);
        if (content === 'missed, read') await dan.person.rest.post(`/conversations/${id}/read`).expect(200);
      }
      const cleos = await connect(cleo, {}, 'resume');
      const conversationId = await numberOf(cleo.person, id);
      expect(await cleos.ask('join_conversation', { conversationId, since: 1 })).toStrictEqual({
        ok: true,
        offset: 3,
        recovered: true,
      });
      await dan.person.rest.say(id, 'live');
      const form = { conversation_id: conversationId, receiver_id: dan.number };
      expect(await cleos.take(4)).toMatchObject([
        ['new_message', { ...form, offset: 2, content: 'missed, read', is_read: true, read_at: TIMESTAMP }],
        ['new_message', { ...form, offset: 3, content: 'missed', is_read: false, read_at: null }],
        ['new_message', { offset: 4, content: 'live', receiver_id: cleo.number }],
        ['message_notification', { offset: 4, content: 'live' }],
      ]);
      const answer = await cleos.ask('join_conversation', { conversationId, since: 99 });
      expect(answer).toStrictEqual({ ok: true, offset: 4, recovered: false });
    });

    it('says nothing of offsets to those who did not ask', async () => {
      const client = await connect(ann);
      expect(await client.ask('join_conversation', { conversationId: direct.number, since: 0 })).toStrictEqual({
        ok: true,
      });
      expect(await client.untilFence()).toEqual([]);
    });
  });
});
