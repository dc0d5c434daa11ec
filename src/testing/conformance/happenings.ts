import { registerAdmin } from '../admin.js';
import type { TestServer } from '../application.js';
import { Person } from '../person.js';
import type { Named } from './adapter.js';

/** Two who talk, and someone who may make what others may not. */
export interface Cast {
  readonly ann: Person;
  readonly bob: Person;
  readonly admin: Person;
}

export async function gather(server: TestServer): Promise<Cast> {
  const [ann, bob, admin] = await Promise.all([
    Person.register(server, { role: 'host' }),
    Person.register(server),
    registerAdmin(server),
  ]);
  return { ann, bob, admin };
}

/** A group of Ann's with Bob and others. */
export async function begin({ ann, bob }: Cast, ...others: [Person, ...Person[]]): Promise<Named> {
  const { body } = await ann.rest.get(`/conversations/${await ann.rest.converse(bob, ...others)}`).expect(200);
  return { id: body.id as string, number: body.number as number };
}

/** One of each kind of event happens, between Ann and Bob; answered when Bob has heard the last. */
export async function everythingHappens(server: TestServer, { ann, bob, admin }: Cast, { id }: Named): Promise<void> {
  const [anns, bobs] = await Promise.all([ann.tribeIn(id), bob.tribeIn(id)]);
  const message = await ann.rest.say(id, 'a secret');
  await ann.rest.patch(`/messages/${message.id}`, { content: 'another secret' }).expect(200);
  await ann.rest.delete(`/messages/${message.id}`).expect(204);
  await bob.rest.post(`/conversations/${id}/read`).expect(200);
  anns.send({ event: 'typing', conversation_id: id, is_typing: true });
  anns.send({ event: 'presence', status: 'online' });
  const note = { user_id: bob.id, type: 'note', title: 'A note', message: 'for Bob' };
  const { body: notification } = await admin.rest.post('/notifications', note).expect(201);
  await bob.rest.delete(`/notifications/${notification.id}`).expect(204);
  const session = await ann.rest.session();
  await bob.rest.post(`/sessions/${session.id}/check-ins`).expect(201);
  const cleo = await Person.register(server);
  await ann.rest.post(`/conversations/${id}/participants`, { user_ids: [cleo.id] }).expect(200);
  await ann.rest.delete(`/conversations/${id}/participants/${cleo.id}`).expect(204);
  await bobs.expectFrame({ event: 'message.new' });
  await bobs.expectFrame({ event: 'typing' });
  await bobs.expectFrame({ event: 'presence' });
  await Promise.all([anns.close(), bobs.close()]);
}
