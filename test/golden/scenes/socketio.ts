import { registerAdmin } from '../../../src/testing/admin.js';
import { Person } from '../../../src/testing/person.js';
import { connectErrorOf, SocketIoClient } from '../../../src/testing/socketio.js';
import type { Scene } from './scene.js';

/** `socketio.md`: one client by websocket, with its token in `auth`; one by polling, with a header. */
export const socketio: Scene = {
  name: 'socketio',
  async play(server, recorder) {
    const ann = await Person.register(server);
    const bob = await Person.register(server);
    const admin = await (await registerAdmin(server)).login(recorder);
    const id = await ann.rest.converse(bob);
    const { body } = await ann.rest.get(`/conversations/${id}`).expect(200);
    const conversationId = body.number as number;
    const toUserId = (await bob.rest.get('/auth/me')).body.number as number;
    const anns = await SocketIoClient.open(recorder.url, { auth: { token: ann.token }, transports: ['websocket'] });
    const bobs = await SocketIoClient.open(recorder.url, {
      extraHeaders: { Authorization: `Bearer ${bob.token}` },
      transports: ['polling'],
    });
    await anns.ask('join_conversation', conversationId);
    await bobs.ask('join_conversation', String(conversationId));
    for (const event of ['typing_start', 'typing_stop']) {
      anns.emit(event, { conversationId, toUserId });
      await bobs.next();
    }
    anns.emit('send_message', { conversationId, content: 'Hello world!', toUserId });
    await anns.next();
    await bobs.take(2);
    bobs.emit('mark_read', { conversationId });
    await anns.next();
    await anns.ask('send_message', { toUserId, content: 'To you, wherever we talk', client_message_id: 'm-1' });
    await anns.next();
    await bobs.take(2);
    const notification = {
      user_id: bob.id,
      type: 'project_assigned',
      title: 'Project Update',
      message: 'Project X is yours',
    };
    await admin.rest.post('/notifications', notification).expect(201);
    await bobs.next();
    anns.emit('send_message', { conversationId: 987_654_321, content: 'to nowhere' });
    await anns.next();
    await anns.ask('leave_conversation', conversationId);
    await bobs.ask('send_message', { conversationId, content: 'For whoever is still here' });
    await bobs.next();
    await anns.next(); // the note of it, which does not need the room
    await anns.close();
    await bobs.close();
    await connectErrorOf(recorder.url, { auth: { token: 'nonsense' }, transports: ['websocket'] });
  },
};
