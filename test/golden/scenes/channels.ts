import { Person } from '../../../src/testing/person.js';
import { Rest } from '../../../src/testing/rest.js';
import { refusalOf } from '../../../src/testing/socket.js';
import type { Scene } from './scene.js';

/** `channels.md`, "WebSocket API" and "Usage Examples". */
export const channels: Scene = {
  name: 'channels',
  async play(server, recorder) {
    const ann = await Person.register(server);
    const bob = await Person.register(server);
    const [annHere, bobHere] = [await ann.login(recorder), await bob.login(recorder)];
    const rest = new Rest(recorder.url, { 'User-Email': ann.email });
    const anns = await annHere.channels('channel_id=channel123');
    await anns.next();
    const bobs = await bobHere.channels();
    bobs.send({ type: 'join_channel', channel_id: 'channel123' });
    await bobs.next();
    bobs.send({ type: 'ping' });
    await bobs.next();
    const both = (): Promise<unknown> => Promise.all([anns.next(), bobs.next()]);
    const { body } = await rest.post('/messages', { channel_id: 'channel123', content: 'Hello world!' }).expect(201);
    await both();
    await rest.put(`/messages/${body.id}`, { content: 'Updated message' }).expect(200);
    await both();
    await rest.delete(`/messages/${body.id}`).expect(204);
    await both();
    bobs.send({ type: 'leave_channel', channel_id: 'channel123' });
    await bobs.next();
    bobs.send({ type: 'leave_channel', channel_id: 'channel123' });
    await bobs.next(); // an error: it was not joined any more
    await rest.post('/messages', { channel_id: 'channel123', content: 'For those who stayed' }).expect(201);
    await anns.next();
    bobs.send({ type: 'ping' });
    await bobs.next();
    await anns.close();
    await bobs.close();
    await refusalOf(`${recorder.wsUrl}/api/v1/ws`, { headers: { 'User-Email': 'stranger@example.com' } });
  },
};
