import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnPostgres } from '../faults/harness/own-postgres.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { SocketIoClient } from '../../src/testing/socketio.js';

const PROGRAMS = '/usr/lib/postgresql';
const hasPrograms = existsSync(PROGRAMS);
if (!hasPrograms) console.log(`left out: a PostgreSQL of the tests' own, since ${PROGRAMS} is not there`);

const conversationId = (number: number): string => `00000000-0000-7000-9000-${String(number).padStart(12, '0')}`;
/** Has 5,000 participants and 12,000 messages, among them, of the older ones and of the newest 10,000, 10 each of Ada's. */
const LARGE = conversationId(1);

/** Tables that are large; what is small is read as a whole, and rightly so. */
const LARGE_TABLES = [
  'users',
  'logins',
  'refresh_tokens',
  'conversations',
  'participants',
  'messages',
  'notifications',
];

const FILL = `
  SET session_replication_role = replica;
  INSERT INTO users (id, email, username, full_name, role, password_hash)
  SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, n || '@example.com', 'user' || n, 'User ' || n,
    'member', 'x' FROM generate_series(1, 50000) n;
  INSERT INTO logins (id, user_id) SELECT gen_random_uuid(), id FROM users;
  INSERT INTO refresh_tokens (hash, login_id, expires_at)
  SELECT sha256(id::text::bytea), id, now() + interval '30 days' FROM logins;
  INSERT INTO notifications (id, user_id, type, title, message)
  SELECT gen_random_uuid(), id, 'system', 'title', 'message' FROM users;
  INSERT INTO conversations (id, kind, slug, created_by, last_seq, last_offset, last_activity_at)
  SELECT ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, CASE WHEN n % 10 = 0 THEN 'channel' ELSE 'group' END,
    CASE WHEN n % 10 = 0 THEN 'channel-' || n END, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
    CASE n WHEN 1 THEN 12000 ELSE 3 END, CASE n WHEN 1 THEN 12000 ELSE 3 END, now() - n * interval '1 minute'
  FROM generate_series(1, 30000) n;
  INSERT INTO participants (conversation_id, user_id)
  SELECT c.id, u.id FROM conversations c JOIN users u ON u.number % 25000 = c.number % 25000;
  INSERT INTO participants (conversation_id, user_id)
  SELECT '${LARGE}', id FROM users WHERE number < 5000 ON CONFLICT DO NOTHING;
  INSERT INTO participants (conversation_id, user_id)
  SELECT c.id, u.id FROM conversations c, users u WHERE c.number <= 40 AND u.username = 'ada' ON CONFLICT DO NOTHING;
  INSERT INTO messages (id, conversation_id, seq, sender_id, content, message_type, created_offset, change_offset, created_at)
  SELECT gen_random_uuid(), c.id, seq, c.created_by, 'some words', 'text', seq, seq, now()
  FROM conversations c, generate_series(1, c.last_seq) seq;
  UPDATE messages SET sender_id = (SELECT id FROM users WHERE username = 'ada')
  WHERE conversation_id = '${LARGE}' AND (seq <= 10 OR seq > 11990);
  UPDATE messages SET content = '', deleted_at = now() WHERE conversation_id = '${LARGE}' AND seq BETWEEN 11981 AND 11990;
  ANALYZE`;

/** With the plans that the server chooses, and with those that it would have made for any parameters. */
describe.runIf(hasPrograms).each(['auto', 'force_generic_plan'])('in a large database (plan_cache_mode %s)', (mode) => {
  let postgres: OwnPostgres;
  let ada: Person;
  let bob: Person;
  let server: TestServer;
  const start = (): Promise<TestServer> =>
    startServer({ DATABASE_URL: postgres.urlAt(postgres.port), RATE_LIMITS: 'off', JWT_SECRET: 'x'.repeat(32) });

  beforeAll(async () => {
    postgres = await OwnPostgres.start({ plan_cache_mode: mode, autovacuum: 'off' });
    server = await start();
    ada = await Person.register(server, { username: 'ada' });
    bob = await Person.register(server, { username: 'bob', role: 'client' });
    await server.close();
    await postgres.query(FILL);
    await postgres.query('SELECT pg_stat_reset()'); // in a session of its own: one tells what it has counted when it ends
    server = await start();
  });
  afterAll(async () => {
    await server.close();
    await postgres.remove();
  });

  it('what users do reads no large table as a whole', async () => {
    const me = await ada.login(server);
    await me.rest.post('/auth/refresh', { refresh_token: me.refreshToken }).expect(200);
    await me.rest.get('/auth/me').expect(200);
    await me.rest.get(`/users/${bob.id}`).expect(200);
    await me.rest.get('/users?q=user199').expect(200);

    const list = await me.rest.get('/conversations?limit=20').expect(200);
    const { data, next_cursor: cursor } = list.body as {
      data: { id: string; unread_count: number }[];
      next_cursor: string;
    };
    await me.rest.get(`/conversations?limit=10&cursor=${cursor}`).expect(200);
    // Of the 2,000 that are older than the newest 10,000 all count; of those, not the 10 of her own and the 10 deleted.
    expect(data.find(({ id }) => id === LARGE)).toMatchObject({ unread_count: 11_980 });
    for (const name of [LARGE, '2', 'channel-10']) await me.rest.get(`/conversations/${name}`).expect(200);
    await me.rest.get('/channels?limit=20').expect(200);

    await me.rest.get(`/conversations/${LARGE}/messages`).expect(200);
    await me.rest.get(`/conversations/${LARGE}/messages?before=6000&limit=100`).expect(200);
    await me.rest.get(`/conversations/${LARGE}/messages?after=6000&limit=100`).expect(200);
    const { id, number } = await me.rest.say(conversationId(2), 'hello'); // to few: all who are away get a notification
    await me.rest.patch(`/messages/${number}`, { content: 'hello again' }).expect(200);
    await me.rest.delete(`/messages/${id}`);
    await me.rest.post(`/conversations/${LARGE}/read`, {});
    const group = await me.rest.converse(bob, { id: '00000000-0000-7000-8000-000000000007' });
    const direct = await me.rest.converse(bob);
    await me.rest.post(`/conversations/${group}/participants`, { user_ids: ['00000000-0000-7000-8000-000000000008'] });
    await me.rest.delete(`/conversations/${group}/participants/00000000-0000-7000-8000-000000000008`);
    await me.rest.get('/notifications').expect(200);
    await me.rest.get('/notifications?unread=true').expect(200);

    const flat = await me.flat('ext=ack,resume');
    flat.send({ conversation_id: direct, content: 'to bob', client_message_id: 'once' });
    await flat.next();
    flat.send({ conversation_id: direct, content: 'to bob', client_message_id: 'once' });
    await flat.next();
    flat.send({ event: 'resume', conversation_id: LARGE, since: 11_990 });
    await flat.untilFence();
    const tribe = await me.tribeIn(LARGE, 'ext=resume');
    await tribe.untilFence();
    const channels = await me.channels('channel_id=channel-10');
    await channels.untilFence();
    const pets = await me.pets();
    pets.send({ sender_id: me.id, event: 'conversations', params: {} });
    pets.send({ sender_id: me.id, event: 'conversation_history', params: { conversation_id: LARGE, page: 3 } });
    await pets.untilFence();
    const socketio = await SocketIoClient.open(server.url, { auth: { token: me.token } });
    for (const event of ['join_conversation', 'mark_read'])
      await socketio.ask(event, event === 'mark_read' ? { conversationId: 2 } : 2);
    await socketio.close();
    await me.rest.post('/auth/logout');
    await server.close(); // its sessions tell what they have counted when they end

    const scans = await postgres.query(
      `SELECT relname, seq_scan::integer FROM pg_stat_user_tables WHERE relname = ANY ($1) AND seq_scan > 0`,
      [LARGE_TABLES],
    );
    expect(scans).toEqual([]);
    const [counted] = await postgres.query<{ idx_scan: number }>(
      `SELECT idx_scan::integer FROM pg_stat_user_tables WHERE relname = 'messages'`,
    );
    expect(counted!.idx_scan).toBeGreaterThan(10);
    server = await start();
  });
});
