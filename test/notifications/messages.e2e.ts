import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

describe('a message to someone who is connected nowhere', () => {
  let server: TestServer;
  let ann: Person;
  beforeAll(async () => {
    server = await startServer();
    ann = await Person.register(server);
  });
  afterAll(() => server.close());

  const notificationsOf = async (person: Person): Promise<unknown[]> =>
    (await person.rest.get('/notifications').expect(200)).body.data as unknown[];

  it('makes one notification, until that one is read', async () => {
    const bob = await Person.register(server);
    const talk = await ann.rest.converse(bob);
    for (const content of ['one', 'two', 'three']) await ann.rest.say(talk, content);
    await expect.poll(() => notificationsOf(bob)).toHaveLength(1);
    const [notification] = await notificationsOf(bob);
    expect(notification).toMatchObject({ type: 'message', is_read: false, link: `/conversations/${talk}` });
    await bob.rest.post('/notifications/read-all').expect(200);
    await ann.rest.say(talk, 'four');
    await expect.poll(() => notificationsOf(bob)).toHaveLength(2);
  });

  it('makes none for those who are connected, nor for its sender', async () => {
    const [there, away] = await Promise.all([Person.register(server), Person.register(server)]);
    const group = await ann.rest.converse(there, away);
    const socket = await there.flat();
    await ann.rest.say(group, 'who is there?');
    expect(await socket.next()).toMatchObject({ content: 'who is there?' });
    await expect.poll(() => notificationsOf(away)).toHaveLength(1);
    expect(await notificationsOf(there)).toEqual([]);
    expect(await notificationsOf(ann)).toEqual([]);
    expect(await socket.untilFence()).toEqual([]);
  });
});
