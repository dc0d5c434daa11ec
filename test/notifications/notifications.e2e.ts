import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import type { NotificationBody } from '../../src/notifications/notification.presenter.js';
import { userTopic } from '../../src/realtime/topics.js';
import { registerAdmin } from '../../src/testing/admin.js';
import { eventsOn } from '../support/events.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

const NEWS = { type: 'new_comment', title: 'A comment', message: 'Bob wrote: hello', link: '/posts/1' };

let server: TestServer;
let admin: Person;
let ada: Person;

beforeAll(async () => {
  server = await startServer();
  admin = await registerAdmin(server);
  ada = await Person.register(server);
});
afterAll(() => server.close());

/** Tells a user something. @returns the notification */
async function tell(user: Person, content: object = {}): Promise<NotificationBody> {
  const { body } = await admin.rest.post('/notifications', { user_id: user.id, ...NEWS, ...content }).expect(201);
  return body as NotificationBody;
}

async function idsOf(user: Person, query = ''): Promise<string[]> {
  const { body } = await user.rest.get(`/notifications${query}`).expect(200);
  return body.data.map(({ id }: NotificationBody) => id);
}

describe('POST /notifications', () => {
  it('tells a user, whose connections hear of it', async () => {
    const bob = await Person.register(server);
    const events = await eventsOn(server, userTopic(bob.id));
    const notification = await tell(bob, { title: ' A comment ' });
    expect(notification).toEqual({
      id: expect.any(String),
      number: expect.any(Number),
      user_id: bob.id,
      ...NEWS,
      is_read: false,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const { body: user } = await bob.rest.get('/auth/me').expect(200);
    const { id, number, created_at: createdAt } = notification;
    expect(events).toEqual([
      {
        type: 'notification.created',
        notification: { id, number, userId: bob.id, userNumber: user.number, ...NEWS, createdAt },
      },
    ]);
    expect((await bob.rest.get('/notifications').expect(200)).body.data).toEqual([notification]);
  });

  it.each([undefined, null])('leads nowhere when the link is %j', async (link) => {
    expect((await tell(ada, { link })).link).toBeNull();
  });

  it('takes the user by number too', async () => {
    const { body: user } = await ada.rest.get('/auth/me').expect(200);
    expect((await tell(ada, { user_id: user.number })).user_id).toBe(ada.id);
  });

  it('does not find a user who does not exist', async () => {
    const { body } = await admin.rest.post('/notifications', { user_id: newId(), ...NEWS }).expect(404);
    expect(body).toEqual({ statusCode: 404, error: 'Not Found', message: 'User not found' });
  });

  it.each([
    { user_id: 'ada' },
    { type: 'new comment' },
    { title: '' },
    { message: 'x'.repeat(2001) },
    { link: 'a\0b' },
  ])('refuses %j', async (wrong) => {
    const { body } = await admin.rest.post('/notifications', { user_id: ada.id, ...NEWS, ...wrong }).expect(400);
    expect(body.message).toEqual([expect.stringContaining(Object.keys(wrong)[0]!)]);
  });

  it.each(['member', 'client', 'provider', 'host'])('is not for the role %s', async (role) => {
    const person = await Person.register(server, { role });
    await person.rest.post('/notifications', { user_id: person.id, ...NEWS }).expect(403);
  });
});

describe('GET /notifications', () => {
  it("shows one's own, the newest first, page by page", async () => {
    const bob = await Person.register(server);
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) ids.unshift((await tell(bob)).id);
    await tell(ada);
    const pages: string[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await bob.rest.get(`/notifications?limit=2${cursor && `&cursor=${cursor}`}`).expect(200);
      pages.push(body.data.map(({ id }: NotificationBody) => id));
      cursor = body.next_cursor as string | null;
    }
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  it('shows those that are read, or those that are not', async () => {
    const bob = await Person.register(server);
    const [first, second, third] = [await tell(bob), await tell(bob), await tell(bob)];
    await bob.rest.patch(`/notifications/${second.id}/read`, {}).expect(200);
    expect(await idsOf(bob, '?unread=true')).toEqual([third.id, first.id]);
    expect(await idsOf(bob, '?unread=false')).toEqual([second.id]);
    expect(await idsOf(bob)).toEqual([third.id, second.id, first.id]);
  });

  it.each(['unread=maybe', 'unread=', 'unread=true&unread=true', 'limit=0', 'limit=101', 'cursor=x'])(
    'refuses %s',
    async (query) => {
      await ada.rest.get(`/notifications?${query}`).expect(400);
    },
  );
});

describe('PATCH /notifications/:id/read', () => {
  it('marks it as read and says so, once', async () => {
    const bob = await Person.register(server);
    const notification = await tell(bob);
    const { id: notificationId, number } = notification;
    const events = await eventsOn(server, userTopic(bob.id));
    const answers = await Promise.all(
      [notificationId, String(number), notificationId.toUpperCase()].map((name) =>
        bob.rest.patch(`/notifications/${name}/read`, {}).expect(200),
      ),
    );
    for (const { body } of answers) expect(body).toEqual({ ...notification, is_read: true });
    expect(events).toEqual([{ type: 'notification.read', userId: bob.id, notificationId, number }]);
  });
});

describe('POST /notifications/read-all', () => {
  it('marks all as read, counts those that were not, and says so when there were any', async () => {
    const bob = await Person.register(server);
    const { id } = await tell(bob);
    for (let count = 0; count < 2; count++) await tell(bob);
    await bob.rest.patch(`/notifications/${id}/read`, {}).expect(200);
    const others = await tell(ada);
    const events = await eventsOn(server, userTopic(bob.id));
    expect((await bob.rest.post('/notifications/read-all').expect(200)).body).toEqual({ updated: 2 });
    expect((await bob.rest.post('/notifications/read-all').expect(200)).body).toEqual({ updated: 0 });
    expect(events).toEqual([{ type: 'notification.all-read', userId: bob.id }]);
    expect(await idsOf(bob, '?unread=true')).toEqual([]);
    expect(await idsOf(ada, '?unread=true')).toContain(others.id);
  });
});

describe('DELETE /notifications/:id', () => {
  it('takes it away and says so, once', async () => {
    const bob = await Person.register(server);
    const { id: notificationId, number } = await tell(bob);
    const events = await eventsOn(server, userTopic(bob.id));
    const answers = await Promise.all(
      [notificationId, String(number)].map((name) => bob.rest.delete(`/notifications/${name}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 404]));
    await bob.rest.delete(`/notifications/${notificationId}`).expect(404);
    expect(events).toEqual([{ type: 'notification.deleted', userId: bob.id, notificationId, number }]);
    expect(await idsOf(bob)).toEqual([]);
  });
});

describe("someone else's notification", () => {
  it('is as one that does not exist', async () => {
    const { id, number } = await tell(ada);
    for (const name of [id, number, newId(), 2 ** 31 - 1]) {
      const { body } = await admin.rest.patch(`/notifications/${name}/read`, {}).expect(404);
      expect(body).toEqual({ statusCode: 404, error: 'Not Found', message: 'Notification not found' });
      await admin.rest.delete(`/notifications/${name}`).expect(404);
    }
    expect(await idsOf(ada, '?unread=true')).toContain(id);
  });
});

describe('notifications', () => {
  it.each(['x', '0', '2147483648', '%00'])('are not named %s', async (name) => {
    await ada.rest.patch(`/notifications/${name}/read`, {}).expect(400);
    await ada.rest.delete(`/notifications/${name}`).expect(400);
  });

  it('are not for who has no credentials', async () => {
    await request(server.url).get('/api/v1/notifications').expect(401);
    await request(server.url).post('/api/v1/notifications/read-all').expect(401);
  });
});
