import { Person } from '../../../src/testing/person.js';
import { refusalOf } from '../../../src/testing/socket.js';
import type { Scene } from './scene.js';

const UNKNOWN = '01900000-0000-7000-8000-000000000000';

/** `tribe.md`, "WebSocket Events". */
export const tribe: Scene = {
  name: 'tribe',
  async play(server, recorder) {
    const ann = await Person.register(server, { username: 'ann.archer', full_name: 'Ann Archer' });
    const bob = await Person.register(server, { username: 'bob.baker', full_name: 'Bob Baker' });
    const conversation_id = await ann.rest.converse(bob);
    const [annHere, bobHere] = [await ann.login(recorder), await bob.login(recorder)];
    const anns = await annHere.tribe();
    const bobs = await bobHere.tribe();
    for (const socket of [anns, bobs]) {
      socket.send({ event: 'subscribe', channel: 'conversation', conversation_id });
      await socket.next();
    }
    for (const is_typing of [true, false]) {
      anns.send({ event: 'typing', conversation_id, is_typing });
      await bobs.next();
    }
    await annHere.rest.say(conversation_id, 'Message content');
    await bobs.next();
    for (const status of ['online', 'away', 'offline']) {
      anns.send({ event: 'presence', status });
      await bobs.next();
    }
    bobs.send({ event: 'ping' });
    await bobs.next();
    bobs.send({ event: 'subscribe', channel: 'conversation', conversation_id: UNKNOWN });
    await bobs.next();
    bobs.send({ event: 'unsubscribe', conversation_id });
    bobs.send({ event: 'ping' });
    await bobs.next();
    await annHere.rest.say(conversation_id, 'Nobody hears this one');
    bobs.send({ event: 'ping' });
    await bobs.next();
    await anns.close();
    await bobs.close();
    await refusalOf(`${recorder.wsUrl}/api/v1/ws?token=eyJ.no.token`);
  },
};
