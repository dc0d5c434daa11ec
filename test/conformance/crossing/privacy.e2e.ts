import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerAdmin } from '../../support/admin.js';
import { HEARINGS, type Named } from '../../support/hearing.js';
import { Person } from '../../support/person.js';
import { startServer, type TestServer } from '../../support/server.js';
import { Socket } from '../../support/socket.js';

/** Only who may see it gets it (contract §1.7): everything that can happen happens, and a fence shows who heard nothing. */
describe.each(HEARINGS)('$dialect', (hearing) => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let admin: Person;
  let conversation: Named;
  beforeAll(async () => {
    server = await startServer();
    [ann, bob, admin] = await Promise.all([
      Person.register(server, { role: 'host' }),
      Person.register(server),
      registerAdmin(server),
    ]);
  });
  afterAll(() => server.close());

  const begin = async (...others: Person[]): Promise<void> => {
    const { body } = await ann.rest.get(`/conversations/${await ann.rest.converse(bob, ...others)}`).expect(200);
    conversation = { id: body.id as string, number: body.number as number };
  };

  /** One of each kind of event, between Ann and Bob; answered when Bob has heard the last. */
  const everythingHappens = async (): Promise<void> => {
    const [anns, bobs] = await Promise.all([ann.tribeIn(conversation.id), bob.tribeIn(conversation.id)]);
    const { id } = await ann.rest.say(conversation.id, 'a secret');
    await ann.rest.patch(`/messages/${id}`, { content: 'another secret' }).expect(200);
    await ann.rest.delete(`/messages/${id}`).expect(204);
    await bob.rest.post(`/conversations/${conversation.id}/read`).expect(200);
    anns.send({ event: 'typing', conversation_id: conversation.id, is_typing: true });
    anns.send({ event: 'presence', status: 'online' });
    const body = { user_id: bob.id, type: 'note', title: 'A note', message: 'for Bob' };
    const { body: notification } = await admin.rest.post('/notifications', body).expect(201);
    await bob.rest.delete(`/notifications/${notification.id}`).expect(204);
    const { body: session } = await ann.rest.post('/sessions', { title: 'A session' }).expect(201);
    await bob.rest.post(`/sessions/${session.id}/check-ins`).expect(201);
    const cleo = await Person.register(server);
    const participants = `/conversations/${conversation.id}/participants`;
    await ann.rest.post(participants, { user_ids: [cleo.id] }).expect(200);
    await ann.rest.delete(`${participants}/${cleo.id}`).expect(204);
    expect((await bobs.take(3)).map(({ event }) => event)).toEqual(['message.new', 'typing', 'presence']);
    await Promise.all([anns.close(), bobs.close()]);
  };

  it('tells an outsider nothing of what happens between others', async () => {
    const outsider = await hearing.open(await Person.register(server));
    await begin(await Person.register(server));
    outsider.enter(conversation);
    expect(await outsider.untilFence()).toHaveLength(hearing.canEnter ? 1 : 0); // the refusal
    await everythingHappens();
    expect(await outsider.untilFence()).toEqual([]);
  });

  it('tells who was removed nothing of what happens then', async () => {
    const person = await Person.register(server);
    await begin(person);
    const removed = await hearing.open(person);
    removed.enter(conversation);
    await removed.untilFence();
    await ann.rest.delete(`/conversations/${conversation.id}/participants/${person.id}`).expect(204);
    await removed.untilFence();
    await everythingHappens();
    expect(await removed.untilFence()).toEqual([]);
  });

  it('tells who watches a dashboard without being anyone nothing of conversations', async () => {
    await begin(await Person.register(server));
    const { body: session } = await ann.rest.post('/sessions', { title: 'Another session' }).expect(201);
    const guest = await Socket.open('dashboard', `${server.wsUrl}/ws/dashboard/${session.id}`);
    await everythingHappens();
    await bob.rest.post(`/sessions/${session.id}/check-ins`).expect(201);
    expect(await guest.next()).toMatchObject({ session_id: session.id, user_id: bob.id });
  });
});
