import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../../src/testing/person.js';
import { startServer, type TestServer } from '../../../src/testing/application.js';
import type { Frame, Socket } from '../../../src/testing/socket.js';

/** One conversation, every dialect (contract, "Across dialects"). */
describe('a channel whose members speak different dialects', () => {
  let server: TestServer;
  let sender: Person;
  let listeners: { flat: Socket; tribe: Socket; channels: Socket };
  let channel: { id: string; slug: string };

  beforeAll(async () => {
    server = await startServer();
    const people = await Promise.all(Array.from({ length: 4 }, () => Person.register(server)));
    sender = people[0]!;
    const { body } = await sender.rest.post('/channels', { slug: 'crossing' }).expect(201);
    channel = body as typeof channel;
    const [, flat, tribe, channels] = people as [Person, Person, Person, Person];
    await flat.rest.post('/conversations/crossing/participants', { user_ids: [flat.id] }).expect(200);
    listeners = {
      flat: await flat.flat(),
      tribe: await tribe.tribeIn(channel.id, 'ext=edits'),
      channels: await channels.channelsIn(channel.slug),
    };
  });
  afterAll(() => server.close());

  const hear = async (): Promise<{ flat: Frame; tribe: Frame; channels: Frame }> => ({
    flat: await listeners.flat.next(),
    tribe: await listeners.tribe.next(),
    channels: await listeners.channels.next(),
  });

  const expectInEachForm = async (content: string): Promise<void> => {
    const { flat, tribe, channels } = await hear();
    expect(Object.keys(flat).toSorted()).toEqual(
      [
        'id',
        'conversation_id',
        'sender_id',
        'content',
        'message_type',
        'created_at',
        'is_edited',
        'is_deleted',
      ].toSorted(),
    );
    expect(flat).toMatchObject({ conversation_id: channel.id, sender_id: sender.id, content });
    expect(tribe).toMatchObject({ event: 'message.new', conversation_id: channel.id, data: { id: flat.id, content } });
    expect(channels).toMatchObject({
      type: 'new_message',
      channel_id: 'crossing',
      data: { id: flat.id, user_email: sender.email, content },
    });
  };

  it('hears, each in its form, what is sent by REST to the conversation', async () => {
    await sender.rest.say(channel.id, 'by REST');
    await expectInEachForm('by REST');
  });

  it('hears, each in its form, what is sent by REST to the channel', async () => {
    await sender.rest.post('/messages', { channel_id: 'crossing', content: 'to the channel' }).expect(201);
    await expectInEachForm('to the channel');
  });

  it('hears, each in its form, what is sent in flat', async () => {
    const socket = await sender.flat();
    socket.send({ conversation_id: channel.id, content: 'in flat' });
    await expectInEachForm('in flat');
  });

  it('hears edits and deletes, each in its form', async () => {
    const { id } = await sender.rest.say(channel.id, 'first');
    await hear();
    await sender.rest.patch(`/messages/${id}`, { content: 'second' }).expect(200);
    expect(await hear()).toMatchObject({
      flat: { id, content: 'second', is_edited: true },
      tribe: { event: 'message.updated', data: { id, content: 'second' } },
      channels: { type: 'message_updated', data: { id, content: 'second' } },
    });
    await sender.rest.delete(`/messages/${id}`).expect(204);
    expect(await hear()).toMatchObject({
      flat: { id, content: '', is_deleted: true },
      tribe: { event: 'message.deleted', data: { id } },
      channels: { type: 'message_deleted', data: { id } },
    });
  });

  it('hears a repeated message once', async () => {
    const body = { content: 'once', client_message_id: 'crossing-1' };
    await sender.rest.post(`/conversations/${channel.id}/messages`, body).expect(201);
    await sender.rest.post(`/conversations/${channel.id}/messages`, body).expect(200);
    await hear();
    expect(await listeners.flat.untilFence()).toEqual([]);
    expect(await listeners.tribe.untilFence()).toEqual([]);
    expect(await listeners.channels.untilFence()).toEqual([]);
  });

  it('hears concurrent sends and edits in one order', async () => {
    const count = 120;
    await Promise.all(
      Array.from({ length: count / 2 }, async (_, index) => {
        const { id } = await sender.rest.say(channel.id, `message ${index}`);
        await sender.rest.patch(`/messages/${id}`, { content: `message ${index}, edited` }).expect(200);
      }),
    );
    const flat = await listeners.flat.take(count);
    const tribe = await listeners.tribe.take(count);
    const channels = await listeners.channels.take(count);
    const order = flat.map(({ id, content }) => `${id} ${content}`);
    expect(tribe.map(({ data }) => `${data.id} ${data.content}`)).toEqual(order);
    expect(channels.map(({ data }) => `${data.id} ${data.content}`)).toEqual(order);
  });
});
