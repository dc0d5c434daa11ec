import request from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckInsService } from '../../src/check-ins/check-ins.service.js';
import type { CheckInBody } from '../../src/check-ins/check-in.presenter.js';
import { newId } from '../../src/common/ids.js';
import { sessionTopic } from '../../src/realtime/topics.js';
import { registerAdmin } from '../../src/testing/admin.js';
import { eventsOn } from '../support/events.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

let server: TestServer;
let host: Person;

beforeAll(async () => {
  server = await startServer();
  host = await Person.register(server, { role: 'host' });
});
afterAll(() => server.close());

/** A new session. @returns its id */
async function openSession(given: object = {}): Promise<string> {
  const { body } = await host.rest.post('/sessions', { title: 'Opening', ...given }).expect(201);
  return body.id as string;
}

function guests(count: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: count }, () => Person.register(server)));
}

const dashboardOf = async (id: string) => (await host.rest.get(`/sessions/${id}/dashboard`).expect(200)).body;

describe('POST /sessions/:id/check-ins', () => {
  it("answers the dashboard's frame, and tells those who watch", async () => {
    const id = await openSession();
    const ada = await Person.register(server, { full_name: 'Ada Lovelace' });
    const profile_image_url = 'https://example.com/ada.png';
    await ada.rest.patch('/users/me', { profile_image_url }).expect(200);
    const events = await eventsOn(server, sessionTopic(id));
    const { body } = await ada.rest.post(`/sessions/${id}/check-ins`).expect(201);
    expect(body).toEqual({
      checkin_time: expect.stringMatching(/^\d{4}-.*Z$/),
      message: 'Check-in successful',
      profile_url: profile_image_url,
      session_id: id,
      success: true,
      user_id: ada.id,
      user_name: 'Ada Lovelace',
    });
    expect(events).toEqual([
      {
        type: 'check-in.recorded',
        checkIn: {
          checkinTime: body.checkin_time,
          message: 'Check-in successful',
          profileUrl: profile_image_url,
          sessionId: id,
          success: true,
          userId: ada.id,
          userName: 'Ada Lovelace',
        },
      },
    ]);
  });

  it('refuses who has checked in before, and tells those who watch', async () => {
    const id = await openSession();
    const [ada] = await guests(1);
    await ada!.rest.post(`/sessions/${id}/check-ins`).expect(201);
    const events = await eventsOn(server, sessionTopic(id));
    const { body } = await ada!.rest.post(`/sessions/${id}/check-ins`).expect(409);
    expect(body).toEqual({
      checkin_time: expect.any(String),
      message: 'Already checked in',
      profile_url: null,
      session_id: id,
      success: false,
      user_id: ada!.id,
      user_name: ada!.fullName,
    });
    expect(events).toMatchObject([{ type: 'check-in.recorded', checkIn: { success: false, userId: ada!.id } }]);
  });

  it('lets one of any number of concurrent attempts of a person succeed', async () => {
    const id = await openSession();
    const events = await eventsOn(server, sessionTopic(id));
    const [ada, bob] = await guests(2);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? ada! : bob!).rest.post(`/sessions/${id}/check-ins`)),
    );
    const successes = answers.filter(({ status }) => status === 201).map(({ body }) => body.user_id as string);
    expect(successes.toSorted()).toEqual([ada!.id, bob!.id].toSorted());
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(18);
    expect(events).toHaveLength(20);
    expect(await dashboardOf(id)).toMatchObject({ total: 2, refused: 18 });
  });

  it('lets the host and admins check others in', async () => {
    const id = await openSession();
    const [ada, bob] = await guests(2);
    const { body: user } = await ada!.rest.get('/auth/me').expect(200);
    const admin = await registerAdmin(server);
    const first = await host.rest.post(`/sessions/${id}/check-ins`, { user_id: user.number }).expect(201);
    expect(first.body).toMatchObject({ user_id: ada!.id, user_name: ada!.fullName });
    await admin.rest.post(`/sessions/${id}/check-ins`, { user_id: bob!.id }).expect(201);
    await bob!.rest.post(`/sessions/${id}/check-ins`).expect(409);
    await host.rest.post(`/sessions/${id}/check-ins`, { user_id: newId() }).expect(404);
  });

  it('lets nobody else name someone else, be there such a user or not', async () => {
    const id = await openSession();
    const [ada, bob] = await guests(2);
    const otherHost = await Person.register(server, { role: 'host' });
    for (const user_id of [bob!.id, newId(), 2 ** 31 - 1]) {
      await ada!.rest.post(`/sessions/${id}/check-ins`, { user_id }).expect(403);
      await otherHost.rest.post(`/sessions/${id}/check-ins`, { user_id }).expect(403);
    }
    expect(await dashboardOf(id)).toMatchObject({ total: 0, refused: 0 });
  });

  it('lets everyone name oneself', async () => {
    const [ada, bob, carol] = await guests(3);
    const { body: user } = await bob!.rest.get('/auth/me').expect(200);
    const id = await openSession();
    await ada!.rest.post(`/sessions/${id}/check-ins`, { user_id: ada!.id.toUpperCase() }).expect(201);
    await bob!.rest.post(`/sessions/${id}/check-ins`, { user_id: user.number }).expect(201);
    await carol!.rest.post(`/sessions/${id}/check-ins`, { user_id: null }).expect(201);
  });

  it('counts the same person in each session by itself', async () => {
    const [ada] = await guests(1);
    for (const id of [await openSession(), await openSession()]) {
      await ada!.rest.post(`/sessions/${id}/check-ins`).expect(201);
    }
  });

  it('refuses what is malformed, and does not find what is not there', async () => {
    const id = await openSession();
    await host.rest.post(`/sessions/${id}/check-ins`, { user_id: 'ada' }).expect(400);
    await host.rest.post('/sessions/x/check-ins').expect(400);
    const { body } = await host.rest.post(`/sessions/${newId()}/check-ins`).expect(404);
    expect(body).toEqual({ statusCode: 404, error: 'Not Found', message: 'Session not found' });
    await request(server.url).post(`/api/v1/sessions/${id}/check-ins`).expect(401);
  });
});

describe('GET /sessions/:id/check-ins', () => {
  it('shows who checked in, the last first, page by page, and no refused attempts', async () => {
    const id = await openSession();
    const people = await guests(5);
    for (const { rest } of people) {
      await rest.post(`/sessions/${id}/check-ins`).expect(201);
      await rest.post(`/sessions/${id}/check-ins`).expect(409);
    }
    const shown: CheckInBody[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await host.rest
        .get(`/sessions/${id}/check-ins?limit=2${cursor && `&cursor=${cursor}`}`)
        .expect(200);
      expect(body.data.length).toBeLessThanOrEqual(2);
      shown.push(...body.data);
      cursor = body.next_cursor as string | null;
    }
    expect(shown.map(({ user_id }) => user_id)).toEqual(people.map(({ id }) => id).toReversed());
    expect(shown.every(({ success, session_id }) => success && session_id === id)).toBe(true);
  });

  it.each(['limit=0', 'cursor=x', `cursor=${Buffer.from('["2026-02-30","x"]').toString('base64url')}`])(
    'refuses %s',
    async (query) => {
      await host.rest.get(`/sessions/${await openSession()}/check-ins?${query}`).expect(400);
    },
  );
});

describe('GET /sessions/:id/dashboard', () => {
  it('is empty before anyone came', async () => {
    const id = await openSession();
    expect(await dashboardOf(id)).toEqual({ session_id: id, total: 0, refused: 0, per_minute: [], latest: [] });
  });

  it('counts all attempts and shows the last ten, the last first', async () => {
    const id = await openSession();
    const people = await guests(9);
    const attempts: CheckInBody[] = [];
    for (const { rest } of people) attempts.unshift((await rest.post(`/sessions/${id}/check-ins`).expect(201)).body);
    for (const { rest } of people.slice(0, 2)) {
      attempts.unshift((await rest.post(`/sessions/${id}/check-ins`).expect(409)).body);
    }
    const dashboard = await dashboardOf(id);
    expect(dashboard).toMatchObject({ session_id: id, total: 9, refused: 2 });
    expect(dashboard.latest).toEqual(attempts.slice(0, 10));
  });

  it('counts by the minute who checked in within the last 24 hours, in order', async () => {
    const id = await openSession();
    const database = server.app.get(DataSource);
    const [{ now }] = await database.query<[{ now: Date }]>(`SELECT date_trunc('minute', now()) AS now`);
    const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
    const times = [minutesAgo(3), minutesAgo(1200.5), minutesAgo(2.5), minutesAgo(1500)];
    for (const [index, { rest, id: userId }] of (await guests(4)).entries()) {
      await rest.post(`/sessions/${id}/check-ins`).expect(201);
      await rest.post(`/sessions/${id}/check-ins`).expect(409);
      await database.query(`UPDATE check_ins SET created_at = $1 WHERE session_id = $2 AND user_id = $3`, [
        times[index],
        id,
        userId,
      ]);
    }
    const { per_minute, total } = await dashboardOf(id);
    expect(per_minute).toEqual([
      { minute: minutesAgo(1201), count: 1 },
      { minute: minutesAgo(3), count: 2 },
    ]);
    expect(total).toBe(4);
  });
});

describe('who may watch a session', () => {
  it('is known of every session that exists', async () => {
    const service = server.app.get(CheckInsService, { strict: false });
    const id = await openSession({ dashboard_access: 'host' });
    expect(await service.sessionAccess(id)).toMatchObject({ id, hostId: host.id, dashboardAccess: 'host' });
    expect(await service.sessionAccess(newId())).toBeUndefined();
  });
});
