import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MessagesService } from '../../src/messages/messages.service.js';
import { Connections } from '../../src/realtime/connections.js';
import { Hub } from '../../src/realtime/hub.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { type Frame, refusalOf, Socket } from '../../src/testing/socket.js';

const SERVER_ID = '00000000-0000-0000-0000-000000000000';
const UNKNOWN = '01900000-0000-7000-8000-000000000000';
const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

const fromServer = (event: string, params: unknown): Frame => ({ sender_id: SERVER_ID, event, params });
const errorOf = (message: unknown): Frame => fromServer('error', { message });

describe('pets (pets.md)', () => {
  let server: TestServer;
  let ann: Person; // a client
  let vera: Person; // providers
  let vic: Person;
  let max: Person; // a member
  let pet: string;
  let desk: Socket; // where ann starts consultations; she is never away

  beforeAll(async () => {
    server = await startServer({ PRESENCE_GRACE: '50ms' });
    [ann, vera, vic, max] = await Promise.all([
      Person.register(server, { role: 'client', full_name: 'Ann Archer' }),
      Person.register(server, { role: 'provider', full_name: 'Vera Vet' }),
      Person.register(server, { role: 'provider' }),
      Person.register(server),
    ]);
    pet = await petOf(ann);
    desk = await ann.pets();
  });
  afterAll(() => server.close());

  async function petOf({ rest }: Person): Promise<string> {
    const { body } = await rest.post('/pets', { name: 'Rex' }).expect(201);
    return body.id as string;
  }

  const client = (): Promise<Person> => Person.register(server, { role: 'client' });
  const provider = (): Promise<Person> => Person.register(server, { role: 'provider' });

  /** Starts a consultation of ann's. @returns its id */
  async function consult(...providers: Person[]): Promise<string> {
    await desk.untilFence(); // past what ann has started elsewhere
    desk.send(by(ann, 'new_conversation', { pet_id: pet, providers: providers.map(({ id }) => id) }));
    const { params } = await nextOf(desk, 'conversation_created');
    return params.id as string;
  }

  const by = ({ id }: Person, event: string, params: object = {}): object => ({ sender_id: id, event, params });

  /** The next frame of that event; others are passed over. */
  async function nextOf(socket: Socket, event: string): Promise<Frame> {
    for (;;) {
      const frame = await socket.next();
      if (frame.event === event) return frame;
    }
  }

  /** A socket for each, all of whom know that the others are there. */
  async function gather<People extends Person[]>(...people: People): Promise<{ [Each in keyof People]: Socket }> {
    const sockets = await Promise.all(people.map((person) => person.pets()));
    for (const socket of sockets) await socket.untilFence();
    return sockets as { [Each in keyof People]: Socket };
  }

  const isPassing = ({ event }: Frame): boolean => event === 'user_joined' || event === 'user_left';

  /** The next frames; who comes and goes meanwhile, as users of earlier tests do, is passed over. */
  async function heard(socket: Socket, count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(...[await socket.next()].filter((frame) => !isPassing(frame)));
    return frames;
  }

  /** What else came until now, likewise. */
  async function rest(socket: Socket): Promise<Frame[]> {
    return (await socket.untilFence()).filter((frame) => !isPassing(frame));
  }

  /** The answer to a frame, likewise. */
  async function ask(socket: Socket, frame: object): Promise<Frame> {
    socket.send(frame);
    return (await heard(socket, 1))[0];
  }

  it('says nothing to who connects', async () => {
    const socket = await (await client()).pets();
    expect(await rest(socket)).toEqual([]);
  });

  it('requires a valid access token', async () => {
    for (const query of ['', '?token=', '?token=nonsense', `?token=${ann.refreshToken}`]) {
      expect(await refusalOf(`${server.wsUrl}/ws/${query}`)).toMatchObject({ status: 401 });
    }
  });

  describe('new_conversation', () => {
    it('tells all connections of the client that it is created, and the providers that they are invited', async () => {
      const [anns, other, veras, vics, outsider] = await gather(ann, ann, vera, vic, await provider());
      const before = Date.now();
      const answer = await ask(anns, by(ann, 'new_conversation', { pet_id: pet, providers: [vic.id, vera.id] }));
      const conversation = {
        id: UUID,
        providers: [vic.id, vera.id],
        client: ann.id,
        pet,
        last_message: '',
        last_updated_timestamp: expect.any(Number),
      };
      expect(answer).toStrictEqual(fromServer('conversation_created', conversation));
      const { params } = answer;
      expect(params.last_updated_timestamp).toBeGreaterThanOrEqual(before);
      expect(params.last_updated_timestamp).toBeLessThanOrEqual(Date.now());
      expect((await heard(other, 1))[0]).toStrictEqual(answer);
      const invitation = fromServer('new_conversation_invitation', params);
      expect((await heard(veras, 1))[0]).toStrictEqual(invitation);
      expect((await heard(vics, 1))[0]).toStrictEqual(invitation);
      expect(await rest(outsider)).toEqual([]);
    });

    it('subscribes all of them', async () => {
      const [anns, veras] = await gather(ann, vera);
      const { params } = await ask(anns, by(ann, 'new_conversation', { pet_id: pet, providers: [vera.id] }));
      anns.send(by(ann, 'message', { conversation_id: params.id, content: 'at once' }));
      for (const socket of [anns, veras]) {
        expect((await nextOf(socket, 'message_sent')).params).toMatchObject({ content: 'at once' });
      }
    });

    it('is for clients only', async () => {
      for (const person of [vera, max]) {
        const socket = await person.pets();
        const frame = by(person, 'new_conversation', { pet_id: pet, providers: [vic.id] });
        expect(await ask(socket, frame)).toStrictEqual(errorOf('Only clients may start a consultation'));
      }
    });

    it('needs a pet of the client’s own, and says of others’ only that they are not found', async () => {
      const socket = await ann.pets();
      for (const pet_id of [await petOf(await client()), UNKNOWN]) {
        const frame = by(ann, 'new_conversation', { pet_id, providers: [vera.id] });
        expect(await ask(socket, frame)).toStrictEqual(errorOf('Pet not found'));
      }
    });

    it('invites providers only, and does not say who else there is', async () => {
      const [anns, maxs] = await gather(ann, max);
      for (const providers of [[max.id], [vera.id, max.id], [ann.id], [UNKNOWN]]) {
        const frame = by(ann, 'new_conversation', { pet_id: pet, providers });
        const refusal = 'Only providers can be invited to a consultation';
        expect(await ask(anns, frame)).toStrictEqual(errorOf(refusal));
      }
      expect(await rest(maxs)).toEqual([]);
    });

    it('takes uuids in either case', async () => {
      const socket = await ann.pets();
      const frame = by(ann, 'new_conversation', { pet_id: pet.toUpperCase(), providers: [vera.id.toUpperCase()] });
      expect((await ask(socket, frame)).params).toMatchObject({ pet, providers: [vera.id] });
    });

    it.each([
      {},
      { pet_id: 'rex', providers: [UNKNOWN] },
      { pet_id: 7, providers: [UNKNOWN] },
      { pet_id: UNKNOWN },
      { pet_id: UNKNOWN, providers: UNKNOWN },
      { pet_id: UNKNOWN, providers: [] },
      { pet_id: UNKNOWN, providers: [7] },
      { pet_id: UNKNOWN, providers: [null] },
      { pet_id: UNKNOWN, providers: [{ toString: 1, valueOf: 1 }] },
      { pet_id: UNKNOWN, providers: [UNKNOWN, UNKNOWN.toUpperCase()] },
      { pet_id: UNKNOWN, providers: Array.from({ length: 21 }, (_, index) => UNKNOWN.replace(/..$/, `${10 + index}`)) },
    ])('is refused for %j', async (params) => {
      const socket = await ann.pets();
      const { event, params: error } = await ask(socket, by(ann, 'new_conversation', params));
      expect(event).toBe('error');
      expect(error.message).toMatch(/pet_id|providers/);
      await socket.close();
    });
  });

  describe('conversations', () => {
    it('lists for a client those it has created, the last active first', async () => {
      const cleo = await client();
      const cleos = await cleo.pets();
      const cleosPet = await petOf(cleo);
      const start = async (providers: string[]): Promise<string> => {
        cleos.send(by(cleo, 'new_conversation', { pet_id: cleosPet, providers }));
        return (await nextOf(cleos, 'conversation_created')).params.id;
      };
      const first = await start([vera.id]);
      const second = await start([vera.id, vic.id]);
      await max.rest.converse(cleo);
      const { created_at } = await vera.rest.say(first, 'Last message content');
      cleos.send(by(cleo, 'conversations'));
      const answer = await nextOf(cleos, 'conversations');
      expect(answer).toStrictEqual(
        fromServer('conversations', [
          {
            id: first,
            providers: [vera.id],
            client: cleo.id,
            pet: cleosPet,
            last_message: 'Last message content',
            last_updated_timestamp: Date.parse(created_at),
          },
          {
            id: second,
            providers: expect.toSatisfy(
              (ids: string[]) => ids.toSorted().join() === [vera.id, vic.id].toSorted().join(),
            ),
            client: cleo.id,
            pet: cleosPet,
            last_message: '',
            last_updated_timestamp: expect.any(Number),
          },
        ]),
      );
    });

    it('lists for a provider those to which it was invited', async () => {
      const pam = await provider();
      const id = await consult(pam);
      await consult(vera);
      await pam.rest.converse(max);
      const answer = await ask(await pam.pets(), by(pam, 'conversations'));
      expect(answer.params).toStrictEqual([
        { id, providers: [pam.id], client: ann.id, pet, last_message: '', last_updated_timestamp: expect.any(Number) },
      ]);
    });

    it('lists for others those in which they take part, of whatever kind', async () => {
      const [mia, stranger] = await Promise.all([Person.register(server), Person.register(server)]);
      const direct = await max.rest.converse(mia);
      const group = await mia.rest.converse(max, vera);
      await stranger.rest.converse(max);
      const { params } = await ask(await mia.pets(), by(mia, 'conversations'));
      expect(params.map((conversation: Frame) => [conversation.id, conversation.client, conversation.pet])).toEqual([
        [group, mia.id, null],
        [direct, max.id, null],
      ]);
      expect(params[0].providers.toSorted()).toEqual([max.id, vera.id].toSorted());
      expect(params[1].providers).toEqual([mia.id]);
    });

    it('are none for who has none', async () => {
      const cleo = await client();
      expect(await ask(await cleo.pets(), by(cleo, 'conversations'))).toStrictEqual(fromServer('conversations', []));
    });

    it('say nothing of a last message that is deleted', async () => {
      const pam = await provider();
      const id = await consult(pam);
      const { id: message } = await ann.rest.say(id, 'regretted');
      await ann.rest.delete(`/messages/${message}`).expect(204);
      const { params } = await ask(await pam.pets(), by(pam, 'conversations'));
      expect(params).toMatchObject([{ id, last_message: '' }]);
    });
  });

  describe('message', () => {
    it('goes to all subscribed connections, the sender’s too, and to nobody else', async () => {
      const id = await consult(vera, vic);
      const [anns, annsOther, veras, vics, outsider] = await gather(ann, ann, vera, vic, await provider());
      anns.send(by(ann, 'message', { conversation_id: id, content: 'Your message text' }));
      const frame = (await heard(anns, 1))[0];
      expect(frame).toStrictEqual(
        fromServer('message_sent', {
          id: UUID,
          conversation_id: id,
          sender_id: ann.id,
          content: 'Your message text',
          timestamp: expect.any(Number),
        }),
      );
      for (const socket of [annsOther, veras, vics]) expect((await heard(socket, 1))[0]).toStrictEqual(frame);
      expect(await rest(outsider)).toEqual([]);
      const { body } = await vera.rest.get(`/conversations/${id}/messages`).expect(200);
      expect(body.data).toMatchObject([{ id: frame.params.id, content: 'Your message text' }]);
      expect(Date.parse(body.data[0].created_at)).toBe(frame.params.timestamp);
    });

    it('is an error for who takes no part, alike for a conversation that does not exist', async () => {
      const id = await consult(vera);
      const [veras, vics] = await gather(vera, vic);
      for (const conversation_id of [id, UNKNOWN]) {
        const answer = await ask(vics, by(vic, 'message', { conversation_id, content: 'let me in' }));
        expect(answer).toStrictEqual(errorOf('Conversation not found'));
      }
      expect(await rest(veras)).toEqual([]);
    });

    it('keeps the order in which it was sent', async () => {
      const id = await consult(vera);
      const [anns, veras] = await gather(ann, vera);
      const contents = Array.from({ length: 100 }, (_, index) => `${index}`);
      for (const content of contents) anns.send(by(ann, 'message', { conversation_id: id, content }));
      expect((await heard(veras, 100)).map(({ params }) => params.content)).toEqual(contents);
      expect((await heard(anns, 100)).map(({ params }) => params.content)).toEqual(contents);
    });

    it('is sent once when it is sent twice with one client_message_id', async () => {
      const id = await consult(vera);
      const [anns, veras] = await gather(ann, vera);
      const frame = by(ann, 'message', { conversation_id: id, content: 'once', client_message_id: 'pets-once' });
      anns.send(frame);
      anns.send(frame);
      expect((await heard(veras, 1))[0]).toMatchObject({ event: 'message_sent' });
      anns.send(by(ann, 'message', { conversation_id: id, content: 'next' }));
      expect((await heard(veras, 1))[0]).toMatchObject({ params: { content: 'next' } });
    });

    it('subscribes its sender, who hears it, once', async () => {
      const id = await consult(vera);
      const [anns] = await gather(ann);
      await ask(anns, by(ann, 'unsubscribe_conversation', { conversation_id: id }));
      anns.send(by(ann, 'message', { conversation_id: id, content: 'I am back' }));
      expect((await heard(anns, 1))[0]).toMatchObject({ event: 'message_sent', params: { content: 'I am back' } });
      await vera.rest.say(id, 'welcome');
      expect((await heard(anns, 1))[0]).toMatchObject({ event: 'message_sent', params: { content: 'welcome' } });
      expect(await rest(anns)).toEqual([]);
    });

    it('subscribes nobody when it is refused', async () => {
      const id = await consult(vera);
      const [anns] = await gather(ann);
      await ask(anns, by(ann, 'unsubscribe_conversation', { conversation_id: id }));
      const answer = await ask(anns, by(ann, 'message', { conversation_id: id, content: ' ' }));
      expect(answer).toMatchObject({ event: 'error' });
      await vera.rest.say(id, 'unheard');
      expect(await rest(anns)).toEqual([]);
    });

    it('makes a channel of an unknown slug', async () => {
      const anns = await ann.pets();
      anns.send(by(ann, 'message', { conversation_id: 'pets-new-channel', content: 'first' }));
      const { params } = (await heard(anns, 1))[0];
      expect(params).toMatchObject({ content: 'first', conversation_id: UUID });
      const { body } = await ann.rest.get('/conversations/pets-new-channel').expect(200);
      expect(body.id).toBe(params.conversation_id);
      expect(await rest(anns)).toEqual([]);
    });
  });

  describe('conversation_history', () => {
    let id: string;
    let contents: string[];
    beforeAll(async () => {
      id = await consult(vera);
      contents = Array.from({ length: 45 }, (_, index) => `message ${index}`);
      for (const content of contents) await ann.rest.say(id, content);
      contents.reverse();
    });

    it('shows messages, the newest first', async () => {
      const [veras] = await gather(vera);
      const answer = await ask(veras, by(vera, 'conversation_history', { conversation_id: id, page: 0, limit: 20 }));
      expect(answer).toStrictEqual(
        fromServer('conversation_history_response', {
          messages: contents.slice(0, 20).map((content) => ({
            id: UUID,
            conversation_id: id,
            sender_id: ann.id,
            content,
            timestamp: expect.any(Number),
          })),
          total_count: 45,
          has_more: true,
        }),
      );
    });

    it.each([
      { page: 1, limit: 20, from: 20, to: 40, has_more: true },
      { page: 2, limit: 20, from: 40, to: 45, has_more: false },
      { page: 3, limit: 20, from: 45, to: 45, has_more: false },
      { page: 2 ** 31 - 1, limit: 100, from: 45, to: 45, has_more: false },
      { page: 0, limit: 45, from: 0, to: 45, has_more: false },
      { page: 0, limit: 44, from: 0, to: 44, has_more: true },
      { page: 44, limit: 1, from: 44, to: 45, has_more: false },
      { limit: 100, from: 0, to: 45, has_more: false },
      { page: 1, from: 20, to: 40, has_more: true },
      { from: 0, to: 20, has_more: true },
    ])('counts pages from 0 (%j)', async ({ from, to, has_more, ...page }) => {
      const [veras] = await gather(vera);
      const { params } = await ask(veras, by(vera, 'conversation_history', { conversation_id: id, ...page }));
      expect(params.messages.map(({ content }: Frame) => content)).toEqual(contents.slice(from, to));
      expect(params).toMatchObject({ total_count: 45, has_more });
      await veras.close();
    });

    it.each([
      { page: -1 },
      { page: 0.5 },
      { page: '0' },
      { page: null },
      { page: 2 ** 31 },
      { limit: 0 },
      { limit: 101 },
      { limit: '20' },
    ])('does not bend what is out of range (%j)', async (page) => {
      const [veras] = await gather(vera);
      const { event, params } = await ask(veras, by(vera, 'conversation_history', { conversation_id: id, ...page }));
      expect(event).toBe('error');
      expect(params.message).toMatch(/page|limit/);
      await veras.close();
    });

    it('is for who takes part', async () => {
      const [maxs] = await gather(max);
      for (const conversation_id of [id, UNKNOWN]) {
        const answer = await ask(maxs, by(max, 'conversation_history', { conversation_id }));
        expect(answer).toStrictEqual(errorOf('Conversation not found'));
      }
    });

    it('keeps the place of a deleted message, without its content', async () => {
      const talk = await consult(vera);
      for (const content of ['one', 'two', 'three']) {
        const message = await ann.rest.say(talk, content);
        if (content === 'two') await ann.rest.delete(`/messages/${message.id}`).expect(204);
      }
      const [veras] = await gather(vera);
      const { params } = await ask(veras, by(vera, 'conversation_history', { conversation_id: talk }));
      expect(params.messages.map(({ content }: Frame) => content)).toEqual(['three', '', 'one']);
      expect(params.total_count).toBe(3);
    });

    it('is empty where nothing was said', async () => {
      const [anns] = await gather(ann);
      const frame = by(ann, 'conversation_history', { conversation_id: await consult(vera) });
      anns.send(frame);
      expect(await nextOf(anns, 'conversation_history_response')).toStrictEqual(
        fromServer('conversation_history_response', { messages: [], total_count: 0, has_more: false }),
      );
    });

    it('subscribes who asks for it', async () => {
      const talk = await consult(vera);
      const [veras] = await gather(vera);
      await ask(veras, by(vera, 'unsubscribe_conversation', { conversation_id: talk }));
      await ask(veras, by(vera, 'conversation_history', { conversation_id: talk }));
      await ann.rest.say(talk, 'heard again');
      expect((await heard(veras, 1))[0]).toMatchObject({ event: 'message_sent', params: { content: 'heard again' } });
    });
  });

  describe('subscribing', () => {
    it('ends and begins again when it is asked for', async () => {
      const id = await consult(vera);
      const [veras, other] = await gather(vera, vera);
      const done = { conversation_id: id, status: 'success' };
      expect(await ask(veras, by(vera, 'unsubscribe_conversation', done))).toStrictEqual(
        fromServer('unsubscribed', done),
      );
      await ann.rest.say(id, 'unheard');
      expect((await heard(other, 1))[0]).toMatchObject({ params: { content: 'unheard' } });
      expect(await rest(veras)).toEqual([]);
      const subscribe = by(vera, 'subscribe_conversation', { conversation_id: id });
      expect(await ask(veras, subscribe)).toStrictEqual(fromServer('subscribed', done));
      await ann.rest.say(id, 'heard');
      expect((await heard(veras, 1))[0]).toMatchObject({ params: { content: 'heard' } });
    });

    it('is confirmed as often as it is asked for, and shows nothing twice', async () => {
      const id = await consult(vera);
      const [veras] = await gather(vera);
      const done = { conversation_id: id, status: 'success' };
      for (const [event, answer] of [
        ['subscribe_conversation', 'subscribed'],
        ['subscribe_conversation', 'subscribed'],
        ['unsubscribe_conversation', 'unsubscribed'],
        ['unsubscribe_conversation', 'unsubscribed'],
        ['subscribe_conversation', 'subscribed'],
      ] as const) {
        const frame = by(vera, event, { conversation_id: id });
        expect(await ask(veras, frame)).toStrictEqual(fromServer(answer, done));
      }
      await ann.rest.say(id, 'once');
      expect((await heard(veras, 1))[0]).toMatchObject({ params: { content: 'once' } });
      expect(await rest(veras)).toEqual([]);
    });

    it('is for who takes part', async () => {
      const id = await consult(vera);
      const [vics] = await gather(vic);
      for (const event of ['subscribe_conversation', 'unsubscribe_conversation']) {
        for (const conversation_id of [id, UNKNOWN]) {
          expect(await ask(vics, by(vic, event, { conversation_id }))).toStrictEqual(errorOf('Conversation not found'));
        }
      }
    });

    it('is open to anyone in a channel', async () => {
      const { body } = await ann.rest.post('/channels', { slug: 'pets-open' }).expect(201);
      const maxs = await max.pets();
      const answer = await ask(maxs, by(max, 'subscribe_conversation', { conversation_id: 'pets-open' }));
      expect(answer).toStrictEqual(fromServer('subscribed', { conversation_id: body.id, status: 'success' }));
      await ann.rest.say(body.id, 'for everyone');
      expect(await nextOf(maxs, 'message_sent')).toMatchObject({ params: { content: 'for everyone' } });
    });

    it('ends for who is removed, at once', async () => {
      const id = await consult(vera, vic);
      const [veras, vics] = await gather(vera, vic);
      await ann.rest.delete(`/conversations/${id}/participants/${vic.id}`).expect(204);
      await ann.rest.say(id, 'without vic');
      expect(await nextOf(veras, 'message_sent')).toMatchObject({ params: { content: 'without vic' } });
      expect(await rest(vics)).toEqual([]);
    });
  });

  describe('user_joined and user_left', () => {
    const expectJoined = (frame: Frame, { id, fullName }: Person, conversation: string): void =>
      expect(frame).toStrictEqual(
        fromServer('user_joined', {
          user_id: id,
          display_name: fullName,
          profile_image_url: null,
          conversation_id: conversation,
          timestamp: expect.any(Number),
        }),
      );
    const expectLeft = (frame: Frame, { id, fullName }: Person, conversation: string, reason: string): void =>
      expect(frame).toStrictEqual(
        fromServer('user_left', {
          user_id: id,
          display_name: fullName,
          profile_image_url: null,
          conversation_id: conversation,
          timestamp: expect.any(Number),
          reason,
        }),
      );

    it('tell the others when a user’s first connection comes and when the last one is gone', async () => {
      const pam = await provider();
      const id = await consult(pam);
      const [anns, outsider] = await gather(ann, vic);
      const first = await pam.pets();
      expectJoined(await anns.next(), pam, id);
      const second = await pam.pets();
      expect(await anns.untilFence()).toEqual([]);
      await first.close();
      await second.close();
      expectLeft(await anns.next(), pam, id, 'disconnected');
      expect(await outsider.untilFence()).toEqual([]);
    });

    it('tell the others when the last connection unsubscribes, and when one subscribes again', async () => {
      const pam = await provider();
      const id = await consult(pam, vera);
      const [anns, veras, first, second] = await gather(ann, vera, pam, pam);
      const unsubscribe = by(pam, 'unsubscribe_conversation', { conversation_id: id });
      await ask(first, unsubscribe);
      await ask(first, unsubscribe);
      expect(await anns.untilFence()).toEqual([]);
      await ask(second, unsubscribe);
      for (const socket of [anns, veras]) expectLeft(await socket.next(), pam, id, 'unsubscribed');
      await ask(second, by(pam, 'subscribe_conversation', { conversation_id: id }));
      for (const socket of [anns, veras]) expectJoined(await socket.next(), pam, id);
      expect(await first.untilFence()).toEqual([]);
      expect(await second.untilFence()).toEqual([]);
    });

    it('do not reach who has unsubscribed', async () => {
      const pam = await provider();
      const id = await consult(pam);
      const [anns] = await gather(ann);
      await ask(anns, by(ann, 'unsubscribe_conversation', { conversation_id: id }));
      const pams = await pam.pets();
      await pams.untilFence();
      expect(await anns.untilFence()).toEqual([]);
    });

    it('say nothing of who is back before the grace is over', async () => {
      const patient = await startServer({ PRESENCE_GRACE: '1h' });
      try {
        const [cleo, mia] = await Promise.all([Person.register(patient), Person.register(patient)]);
        await cleo.rest.converse(mia);
        const cleos = await cleo.pets();
        for (let time = 0; time < 3; time++) await (await mia.pets()).close();
        expect(await cleos.untilFence()).toMatchObject([{ event: 'user_joined' }]);
      } finally {
        await patient.close();
      }
    });

    it('show who the user is now', async () => {
      const pam = await provider();
      await consult(pam);
      const [anns, pams] = await gather(ann, pam);
      const profile = { full_name: 'John Doe', profile_image_url: 'https://example.com/profile.jpg' };
      await pam.rest.patch('/users/me', profile).expect(200);
      await pams.close();
      expect((await anns.next()).params).toMatchObject({
        display_name: 'John Doe',
        profile_image_url: 'https://example.com/profile.jpg',
        reason: 'disconnected',
      });
    });

    it('say that a removed participant has left', async () => {
      const pam = await provider();
      const id = await consult(pam);
      const [anns] = await gather(ann, pam);
      await ann.rest.delete(`/conversations/${id}/participants/${pam.id}`).expect(204);
      expectLeft(await anns.next(), pam, id, 'unsubscribed');
    });

    it('tell of those who come to a new conversation, after it is announced', async () => {
      const pam = await provider();
      const [anns] = await gather(ann, pam);
      const { params } = await ask(anns, by(ann, 'new_conversation', { pet_id: pet, providers: [pam.id] }));
      expectJoined(await anns.next(), pam, params.id);
    });

    it('are not for other dialects, which neither hear of them nor cause them', async () => {
      const pam = await provider();
      const id = await consult(pam);
      const [anns] = await gather(ann);
      const [flats, tribes] = await Promise.all([pam.flat(), pam.tribeIn(id)]);
      expect(await anns.untilFence()).toEqual([]);
      const [pams] = await gather(pam);
      expect(await anns.untilFence()).toMatchObject([{ event: 'user_joined' }]);
      await ask(pams, by(pam, 'unsubscribe_conversation', { conversation_id: id }));
      expect(await flats.untilFence()).toEqual([]);
      expect(await tribes.untilFence()).toEqual([]);
    });
  });

  describe('disconnecting', () => {
    it('ends all that the connection heard, and leaves nothing behind', async () => {
      const fresh = await startServer({ PRESENCE_GRACE: '50ms' });
      try {
        const [cleo, mia] = await Promise.all([Person.register(fresh), Person.register(fresh)]);
        const id = await cleo.rest.converse(mia);
        const [cleos, mias] = await Promise.all([cleo.pets(), mia.pets()]);
        for (const socket of [cleos, mias]) await socket.untilFence();
        const heard = (): string[] => Array.from(fresh.app.get(Hub), ({ conversation }) => conversation.id);
        expect(heard()).toEqual([id]);
        await mias.close();
        expect(await nextOf(cleos, 'user_left')).toMatchObject({ params: { user_id: mia.id, reason: 'disconnected' } });
        expect(fresh.app.get(Connections).ofUser(mia.id).size).toBe(0);
        expect(heard()).toEqual([id]);
        await cleos.close();
        await expect.poll(heard).toEqual([]);
        expect([...fresh.app.get(Connections)]).toEqual([]);
      } finally {
        await fresh.close();
      }
    });
  });

  describe('a bad frame', () => {
    it('costs an error and nothing else', async () => {
      const id = await consult(vera);
      const [anns, veras] = await gather(ann, vera);
      const params = { conversation_id: id, content: 'x' };
      const frames = [
        'not JSON',
        '[]',
        '7',
        'null',
        {},
        { sender_id: ann.id },
        { sender_id: ann.id, params: {} },
        { sender_id: ann.id, event: 7, params: {} },
        by(ann, 'nonsense'),
        by(ann, '__proto__'),
        by(ann, 'toString'),
        { event: 'message', params },
        { sender_id: null, event: 'message', params },
        { sender_id: 7, event: 'message', params },
        { sender_id: SERVER_ID, event: 'message', params },
        by(vera, 'message', params),
        by(vera, 'conversations'),
        { sender_id: ann.id, event: 'conversations' },
        { sender_id: ann.id, event: 'message' },
        { sender_id: ann.id, event: 'message', params: null },
        { sender_id: ann.id, event: 'message', params: 'text' },
        { sender_id: ann.id, event: 'message', params: [params] },
        { sender_id: ann.id, event: 'message', ...params },
        by(ann, 'message'),
        by(ann, 'message', { conversation_id: id }),
        by(ann, 'message', { content: 'x' }),
        by(ann, 'message', { ...params, conversation_id: null }),
        by(ann, 'message', { ...params, conversation_id: {} }),
        by(ann, 'message', { ...params, conversation_id: 'nul\0' }),
        by(ann, 'message', { ...params, conversation_id: 1e300 }),
        by(ann, 'message', { ...params, conversation_id: 'x'.repeat(5000) }),
        by(ann, 'message', { ...params, content: '' }),
        by(ann, 'message', { ...params, content: ' \n ' }),
        by(ann, 'message', { ...params, content: 7 }),
        by(ann, 'message', { ...params, content: 'nul\0' }),
        by(ann, 'message', { ...params, content: '\ud800' }),
        by(ann, 'message', { ...params, content: 'x'.repeat(4001) }),
        by(ann, 'message', { ...params, client_message_id: 7 }),
        by(ann, 'message', { ...params, client_message_id: 'x'.repeat(65) }),
        by(ann, 'conversation_history'),
        by(ann, 'conversation_history', { conversation_id: [] }),
        by(ann, 'subscribe_conversation'),
        by(ann, 'subscribe_conversation', { conversation_id: '\ud800' }),
        by(ann, 'subscribe_conversation', { conversation_id: id, since: -1 }),
        by(ann, 'subscribe_conversation', { conversation_id: id, since: null }),
        by(ann, 'unsubscribe_conversation'),
        by(ann, 'unsubscribe_conversation', { conversation_id: true }),
      ];
      for (const frame of frames) {
        const what = JSON.stringify(frame).slice(0, 120);
        expect(await ask(anns, frame as object), what).toStrictEqual(errorOf(expect.any(String)));
      }
      anns.raw.send(Buffer.from(JSON.stringify(by(ann, 'conversations'))), { binary: true });
      expect((await heard(anns, 1))[0]).toStrictEqual(errorOf('Frames are JSON text'));
      expect(await rest(veras)).toEqual([]);
    });

    it('is answered with an error also where the fault is the server’s', async () => {
      const id = await consult(vera);
      const [anns] = await gather(ann);
      const fault = vi.spyOn(server.app.get(MessagesService), 'send').mockRejectedValueOnce(new Error('a secret'));
      const answer = await ask(anns, by(ann, 'message', { conversation_id: id, content: 'x' }));
      fault.mockRestore();
      expect(answer).toStrictEqual(errorOf(expect.not.stringContaining('secret')));
      anns.send(by(ann, 'message', { conversation_id: id, content: 'and again' }));
      expect((await heard(anns, 1))[0]).toMatchObject({ event: 'message_sent', params: { content: 'and again' } });
    });

    it('is one that says it is from someone else', async () => {
      const [anns] = await gather(ann);
      const answer = await ask(anns, by(vera, 'conversations'));
      expect(answer).toStrictEqual(errorOf('sender_id must be the id of the user who is connected'));
      const shouted = { ...by(ann, 'conversations'), sender_id: ann.id.toUpperCase() };
      expect(await ask(anns, shouted)).toMatchObject({ event: 'conversations' });
    });
  });

  describe('beside the other dialects', () => {
    it('hears, as message_sent, what is sent in any of them, in a conversation of any kind', async () => {
      const direct = await ann.rest.converse(vera);
      const group = await ann.rest.converse(vera, max);
      const channel = (await ann.rest.post('/channels', { slug: `pets-kinds-${Date.now()}` }).expect(201)).body
        .id as string;
      await vera.rest.post(`/conversations/${channel}/participants`, { user_ids: [vera.id] }).expect(200);
      const consultation = await consult(vera);
      const [veras] = await gather(vera);
      const flat = await ann.flat();
      for (const conversation_id of [direct, group, channel, consultation]) {
        flat.send({ conversation_id, content: 'in flat' });
        expect((await heard(veras, 1))[0]).toStrictEqual(
          fromServer('message_sent', {
            id: UUID,
            conversation_id,
            sender_id: ann.id,
            content: 'in flat',
            timestamp: expect.any(Number),
          }),
        );
        await ann.rest.say(conversation_id, 'by REST');
        expect((await heard(veras, 1))[0]).toMatchObject({ event: 'message_sent', params: { content: 'by REST' } });
      }
    });

    it('is heard in each of them', async () => {
      const id = await consult(vera);
      const [veras] = await gather(vera);
      const [flat, tribe] = await Promise.all([ann.flat(), ann.tribeIn(id)]);
      veras.send(by(vera, 'message', { conversation_id: id, content: 'in pets' }));
      expect((await heard(flat, 1))[0]).toMatchObject({ conversation_id: id, sender_id: vera.id, content: 'in pets' });
      expect((await heard(tribe, 1))[0]).toMatchObject({ event: 'message.new', data: { content: 'in pets' } });
    });

    it('does not show them that a consultation is started', async () => {
      const flat = await vera.flat();
      const tribe = await vera.tribe();
      await consult(vera);
      expect(await rest(flat)).toEqual([]);
      expect(await rest(tribe)).toEqual([]);
    });

    it('shares its path with flat, and the first frame tells which is spoken', async () => {
      const id = await consult(vera);
      for (const path of ['/ws', '/ws/']) {
        const url = `${server.wsUrl}${path}?token=${ann.token}`;
        const petsSocket = await Socket.open('pets', url);
        petsSocket.send(by(ann, 'conversations'));
        expect(await nextOf(petsSocket, 'conversations'), path).toMatchObject({ sender_id: SERVER_ID });
        const flatSocket = await Socket.open('flat', url);
        flatSocket.send({ conversation_id: id, content: `flat at ${path}` });
        const { params } = await nextOf(petsSocket, 'message_sent');
        expect(params).toMatchObject({ conversation_id: id, content: `flat at ${path}` });
        await vera.rest.say(id, 'an answer');
        expect(await flatSocket.next(), path).toMatchObject({ content: 'an answer', message_type: 'text' });
        expect(await nextOf(petsSocket, 'message_sent')).toMatchObject({ params: { content: 'an answer' } });
        expect(await rest(petsSocket)).toEqual([]);
        expect(await rest(flatSocket)).toEqual([]);
      }
    });

    it('keeps what the handshake has fixed', async () => {
      const flat = await ann.flat('dialect=flat');
      expect(await ask(flat, by(ann, 'conversations'))).toEqual({ event: 'error', message: expect.any(String) });
      const url = `${server.wsUrl}/ws?dialect=pets&token=${ann.token}`;
      const socket = await Socket.open('pets', url);
      expect(await ask(socket, { conversation_id: 'general', content: 'x' })).toStrictEqual(
        errorOf(expect.any(String)),
      );
    });
  });

  describe('over REST, a consultation', () => {
    it('shows its pet, which no other kind has', async () => {
      const id = await consult(vera);
      const { body } = await vera.rest.get(`/conversations/${id}`).expect(200);
      expect(body).toMatchObject({ id, kind: 'consultation', pet_id: pet, created_by: ann.id, participant_count: 2 });
      const group = await ann.rest.get(`/conversations/${await ann.rest.converse(vera, vic)}`).expect(200);
      expect(group.body).not.toHaveProperty('pet_id');
    });

    it('is for its participants only', async () => {
      const id = await consult(vera);
      await vic.rest.get(`/conversations/${id}`).expect(404);
      await vic.rest.post(`/conversations/${id}/messages`, { content: 'let me in' }).expect(404);
    });

    it('takes more providers, whom its creator invites', async () => {
      const id = await consult(vera);
      await ann.rest.say(id, 'we need another one');
      const [anns, vics] = await gather(ann, vic);
      await ann.rest.post(`/conversations/${id}/participants`, { user_ids: [vic.id] }).expect(200);
      const { params, ...envelope } = (await heard(vics, 1))[0];
      expect(envelope).toEqual({ sender_id: SERVER_ID, event: 'new_conversation_invitation' });
      expect(params).toStrictEqual({
        id,
        providers: [vera.id, vic.id],
        client: ann.id,
        pet,
        last_message: 'we need another one',
        last_updated_timestamp: expect.any(Number),
      });
      expect(await nextOf(anns, 'user_joined')).toMatchObject({ params: { user_id: vic.id } });
      await ann.rest.say(id, 'welcome');
      expect(await nextOf(vics, 'message_sent')).toMatchObject({ params: { content: 'welcome' } });
    });

    it('takes nobody else', async () => {
      const id = await consult(vera);
      await ann.rest.post(`/conversations/${id}/participants`, { user_ids: [max.id] }).expect(400);
      await vera.rest.post(`/conversations/${id}/participants`, { user_ids: [vic.id] }).expect(403);
      await vic.rest.post(`/conversations/${id}/participants`, { user_ids: [vic.id] }).expect(404);
    });
  });

  describe('with extensions', () => {
    it('acknowledges to its sender that a message is stored, and a repeated one again', async () => {
      const id = await consult(vera);
      const anns = await ann.pets('ext=ack');
      const frame = by(ann, 'message', { conversation_id: id, content: 'stored', client_message_id: 'pets-ack' });
      anns.send(frame);
      const frames = await heard(anns, 2);
      const sent = frames.find(({ event }) => event === 'message_sent');
      const ack = fromServer('message_ack', { client_message_id: 'pets-ack', message: sent.params });
      expect(frames).toContainEqual(ack);
      expect(await ask(anns, frame)).toStrictEqual(ack);
      expect(await rest(anns)).toEqual([]);
    });

    it('shows edits and deletes to those who asked for them, and to no others', async () => {
      const id = await consult(vera);
      const [plain] = await gather(vera);
      const asked = await vera.pets('ext=edits');
      const { id: message } = await ann.rest.say(id, 'first');
      await ann.rest.patch(`/messages/${message}`, { content: 'second' }).expect(200);
      await ann.rest.delete(`/messages/${message}`).expect(204);
      const [sent, updated, deleted] = await heard(asked, 3);
      expect(updated).toStrictEqual(fromServer('message_updated', { ...sent.params, content: 'second' }));
      expect(deleted).toStrictEqual(fromServer('message_deleted', { ...sent.params, content: '' }));
      expect(await heard(plain, 1)).toStrictEqual([sent]);
      expect(await rest(plain)).toEqual([]);
    });

    it('resumes: carries the offset, and replays what was missed before anything live', async () => {
      const id = await consult(vera);
      const before = await vera.pets('ext=resume,ack');
      await ann.rest.say(id, 'heard');
      const [{ offset, ...frame }] = (await heard(before, 1)) as [Frame];
      expect(offset).toBe(1);
      expect(Object.keys(frame)).toEqual(['sender_id', 'event', 'params']);
      await ask(before, by(vera, 'unsubscribe_conversation', { conversation_id: id }));
      for (const content of ['missed 1', 'missed 2']) await ann.rest.say(id, content);
      const subscribe = by(vera, 'subscribe_conversation', { conversation_id: id, since: offset });
      expect(await ask(before, subscribe)).toStrictEqual(
        fromServer('subscribed', { conversation_id: id, status: 'success', offset: 3, recovered: true }),
      );
      before.send(by(vera, 'message', { conversation_id: id, content: 'live' }));
      const frames = await heard(before, 4);
      expect(frames.map((each) => [each.event, each.offset])).toEqual([
        ['message_sent', 2],
        ['message_sent', 3],
        ...(frames[2].event === 'message_ack'
          ? [
              ['message_ack', 4],
              ['message_sent', 4],
            ]
          : [
              ['message_sent', 4],
              ['message_ack', 4],
            ]),
      ]);
      const future = by(vera, 'subscribe_conversation', { conversation_id: id, since: 99 });
      expect((await ask(before, future)).params).toMatchObject({ offset: 4, recovered: false });
    });

    it('does not resume for who did not ask for it', async () => {
      const id = await consult(vera);
      await ann.rest.say(id, 'missed');
      const [veras] = await gather(vera);
      const subscribe = by(vera, 'subscribe_conversation', { conversation_id: id, since: 0 });
      expect(await ask(veras, subscribe)).toStrictEqual(
        fromServer('subscribed', { conversation_id: id, status: 'success' }),
      );
      expect(await rest(veras)).toEqual([]);
    });

    it('loses nothing and repeats nothing to clients that resume while others send', async () => {
      const id = await consult(vera);
      const sending = Promise.all(Array.from({ length: 60 }, (_, index) => ann.rest.say(id, `${index}`)));
      const heard = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const socket = await vera.pets('ext=resume');
          socket.send(by(vera, 'unsubscribe_conversation', { conversation_id: id }));
          await nextOf(socket, 'unsubscribed');
          socket.send(by(vera, 'subscribe_conversation', { conversation_id: id, since: 0 }));
          await nextOf(socket, 'subscribed');
          const offsets: number[] = [];
          while (offsets.length < 60) offsets.push((await nextOf(socket, 'message_sent')).offset);
          return offsets;
        }),
      );
      await sending;
      for (const offsets of heard) expect(offsets).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    });
  });
});
