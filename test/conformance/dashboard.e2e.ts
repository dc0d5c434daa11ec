import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerAdmin } from '../../src/testing/admin.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf, Socket } from '../../src/testing/socket.js';

const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('dashboard (flat-and-dashboard.md, "Dashboard WebSocket")', () => {
  let server: TestServer;
  let host: Person;
  let guest: Person;
  beforeAll(async () => {
    server = await startServer();
    host = await Person.register(server, { role: 'host' });
    guest = await Person.register(server, { full_name: 'Gus Guest' });
  });
  afterAll(() => server.close());

  const begin = async (dashboard_access: 'public' | 'host'): Promise<string> => {
    const { body } = await host.rest.post('/sessions', { title: 'Launch', dashboard_access }).expect(201);
    return body.id as string;
  };
  const watch = (session: string, options = {}): Promise<Socket> =>
    Socket.open('dashboard', `${server.wsUrl}/ws/dashboard/${session}`, options);

  it('shows a check-in to anyone who watches, with exactly the documented keys', async () => {
    const session = await begin('public');
    const [anyone, anyoneElse] = await Promise.all([watch(session), watch(session)]);
    const { body } = await guest.rest.post(`/sessions/${session}/check-ins`).expect(201);
    const expected = {
      checkin_time: TIMESTAMP,
      message: 'Check-in successful',
      profile_url: null,
      session_id: session,
      success: true,
      user_id: guest.id,
      user_name: 'Gus Guest',
    };
    expect(body).toStrictEqual(expected);
    expect(await anyone.next()).toStrictEqual(body);
    expect(await anyoneElse.next()).toStrictEqual(body);
  });

  it('shows the picture of who checks in, where there is one', async () => {
    const session = await begin('public');
    const [anyone, pictured] = await Promise.all([watch(session), Person.register(server)]);
    const profile_image_url = 'https://example.com/profile.jpg';
    await pictured.rest.patch('/users/me', { profile_image_url }).expect(200);
    await pictured.rest.post(`/sessions/${session}/check-ins`).expect(201);
    expect(await anyone.next()).toMatchObject({ user_id: pictured.id, profile_url: profile_image_url });
  });

  it('shows a refused check-in, too, and says why', async () => {
    const session = await begin('public');
    const anyone = await watch(session);
    await guest.rest.post(`/sessions/${session}/check-ins`).expect(201);
    await guest.rest.post(`/sessions/${session}/check-ins`).expect(409);
    expect(await anyone.next()).toMatchObject({ success: true });
    expect(await anyone.next()).toMatchObject({ success: false, message: expect.any(String), user_id: guest.id });
  });

  it('shows nothing of other sessions, and does not look at what clients send', async () => {
    const [session, other] = [await begin('public'), await begin('public')];
    const anyone = await watch(session);
    anyone.send('not JSON');
    anyone.send({ event: 'subscribe', conversation_id: other });
    await guest.rest.post(`/sessions/${other}/check-ins`).expect(201);
    await guest.rest.post(`/sessions/${session}/check-ins`).expect(201);
    expect(await anyone.next()).toMatchObject({ session_id: session });
  });

  it('shows a session that is its host’s alone to the host and to admins only', async () => {
    const session = await begin('host');
    const url = `${server.wsUrl}/ws/dashboard/${session}`;
    const otherHost = await Person.register(server, { role: 'host' });
    expect(await refusalOf(url)).toMatchObject({ status: 401 });
    expect(await refusalOf(`${url}?token=forged`)).toMatchObject({ status: 401 });
    for (const { token } of [guest, otherHost]) {
      expect(await refusalOf(`${url}?token=${token}`)).toMatchObject({ status: 403 });
    }
    const admin = await registerAdmin(server);
    const watching = await Promise.all([host, admin].map(({ token }) => watch(`${session}?token=${token}`)));
    await host.rest.post(`/sessions/${session}/check-ins`, { user_id: guest.id }).expect(201);
    for (const socket of watching) expect(await socket.next()).toMatchObject({ user_id: guest.id });
  });

  it('is refused for a session that is not there, and for an id that is none', async () => {
    const url = `${server.wsUrl}/ws/dashboard`;
    expect(await refusalOf(`${url}/01900000-0000-7000-8000-000000000000`)).toMatchObject({ status: 404 });
    expect(await refusalOf(`${url}/not-a-uuid`)).toMatchObject({ status: 400 });
    expect(await refusalOf(url)).toMatchObject({ status: 404 });
  });
});
