import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { NotificationsService } from '../../src/notifications/notifications.service.js';
import { userTopic } from '../../src/realtime/topics.js';
import { eventsOn } from '../support/events.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startServer();
  ada = await Person.register(server, { full_name: 'Ada Lovelace' });
});
afterAll(() => server.close());

/** Tells users that Ada has written to the conversation. */
async function note(conversationId: string, ...users: { id: string }[]): Promise<void> {
  const userIds = users.map(({ id }) => id);
  await server.app.get(NotificationsService, { strict: false }).noteMessage(userIds, { id: conversationId }, ada);
}

const unreadOf = async ({ rest }: Person) => (await rest.get('/notifications?unread=true').expect(200)).body.data;

describe('a message to someone who is not there', () => {
  it('is noted, without what it says', async () => {
    const bob = await Person.register(server);
    const conversationId = await ada.rest.converse(bob);
    const events = await eventsOn(server, userTopic(bob.id));
    await note(conversationId, bob);
    expect(await unreadOf(bob)).toMatchObject([
      {
        type: 'message',
        title: 'New message',
        message: 'Ada Lovelace wrote to you',
        link: `/conversations/${conversationId}`,
      },
    ]);
    expect(events).toMatchObject([{ type: 'notification.created', notification: { userId: bob.id, type: 'message' } }]);
  });

  it('is noted once for a conversation until that is read, whatever comes at once', async () => {
    const [bob, carol] = [await Person.register(server), await Person.register(server)];
    const conversationId = await ada.rest.converse(bob, carol);
    const events = await eventsOn(server, userTopic(bob.id));
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 2 ? note(conversationId, bob, carol) : note(conversationId, carol, bob),
      ),
    );
    expect(await unreadOf(bob)).toHaveLength(1);
    expect(await unreadOf(carol)).toHaveLength(1);
    expect(events).toHaveLength(1);

    await bob.rest.post('/notifications/read-all').expect(200);
    await note(conversationId, bob, carol);
    expect(await unreadOf(bob)).toHaveLength(1);
    expect(await unreadOf(carol)).toHaveLength(1);
  });

  it('is noted for each conversation by itself, and beside anything else', async () => {
    const bob = await Person.register(server);
    for (const conversationId of [
      await ada.rest.converse(bob),
      await ada.rest.converse(bob, await Person.register(server)),
    ]) {
      await note(conversationId, bob);
    }
    expect(await unreadOf(bob)).toHaveLength(2);
  });

  it('is noted for those alone who exist', async () => {
    const bob = await Person.register(server);
    await note(await ada.rest.converse(bob), { id: newId() }, bob);
    expect(await unreadOf(bob)).toHaveLength(1);
  });
});
