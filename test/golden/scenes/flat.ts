import { registerAdmin } from '../../../src/testing/admin.js';
import { Person } from '../../../src/testing/person.js';
import { refusalOf } from '../../../src/testing/socket.js';
import type { Scene } from './scene.js';

const UNKNOWN = '01900000-0000-7000-8000-000000000000';

/** `flat-and-dashboard.md`, "Chat WebSocket". */
export const flat: Scene = {
  name: 'flat',
  async play(server, recorder) {
    const ann = await Person.register(server);
    const bob = await Person.register(server);
    const admin = await (await registerAdmin(server)).login(recorder);
    const conversation_id = await ann.rest.converse(bob);
    const [annHere, bobHere] = [await ann.login(recorder), await bob.login(recorder)];
    const anns = await annHere.flat();
    const bobs = await bobHere.flat();
    anns.send({ conversation_id, content: 'string', type: 'text' });
    const message = await bobs.next();
    await annHere.rest.patch(`/messages/${message.id}`, { content: 'another string' }).expect(200);
    await Promise.all([anns.next(), bobs.next()]);
    await annHere.rest.delete(`/messages/${message.id}`).expect(204);
    await Promise.all([anns.next(), bobs.next()]);

    const notification = { user_id: bob.id, type: 'new_comment', title: 'A comment', message: 'On what you wrote' };
    const { body } = await admin.rest.post('/notifications', { ...notification, link: '/path/to/content' }).expect(201);
    await bobs.next();
    await bobHere.rest.patch(`/notifications/${body.id}/read`, {}).expect(200);
    await bobs.next();
    await admin.rest.post('/notifications', notification).expect(201);
    await bobs.next();
    await bobHere.rest.post('/notifications/read-all').expect(200);
    await bobs.next();
    await bobHere.rest.delete(`/notifications/${body.id}`).expect(204);
    await bobs.next();

    anns.send({ conversation_id: UNKNOWN, content: 'to nowhere' });
    await anns.next();
    anns.send('This is not JSON');
    await anns.next();
    await anns.close();
    const resumed = await annHere.flat('ext=ack,resume');
    resumed.send({ conversation_id, content: 'with an acknowledgement', client_message_id: 'm-1' });
    await Promise.all([resumed.next(), bobs.next()]);
    resumed.send({ event: 'resume', conversation_id, since: 1 });
    await resumed.take(2);
    await resumed.close();
    await bobs.close();
    await refusalOf(`${recorder.wsUrl}/ws`);
  },
};
