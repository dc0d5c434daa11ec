import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from 'node:net';
import { once } from 'node:events';
import { Reception } from '../../src/realtime/reception.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { refusalOf, Socket } from '../../src/testing/socket.js';

describe('a handshake', () => {
  let server: TestServer;
  let ann: Person;
  beforeAll(async () => {
    server = await startServer({ MAX_CONNECTIONS_PER_USER: '3', ALLOWED_ORIGINS: 'https://chat.example.com' });
    ann = await Person.register(server);
  });
  afterAll(() => server.close());

  const bearer = (): Record<string, string> => ({ authorization: `Bearer ${ann.token}` });

  it('is refused with 404 at a path that no dialect serves', async () => {
    for (const path of ['/', '/nothing', '/ws/else', '/api/v1', '/WS']) {
      const refusal = await refusalOf(`${server.wsUrl}${path}`, { headers: bearer() });
      expect(refusal, path).toMatchObject({ status: 404, body: { statusCode: 404, error: 'Not Found' } });
    }
  });

  it('is refused with 401 without valid credentials, whatever dialect is named', async () => {
    for (const path of ['/ws', '/api/v1/ws', '/ws?dialect=channels', '/api/v1/ws?dialect=flat']) {
      const refusal = await refusalOf(`${server.wsUrl}${path}`);
      expect(refusal, path).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    }
  });

  it('is refused with 400 where the address is malformed or names an unknown dialect', async () => {
    for (const path of ['/ws?dialect=klingon', '/%E0%A4%A']) {
      expect(await refusalOf(`${server.wsUrl}${path}`, { headers: bearer() }), path).toMatchObject({ status: 400 });
    }
  });

  it('is refused with 403 from a web page elsewhere', async () => {
    const host = new URL(server.url).host;
    for (const origin of [
      'https://evil.example.com',
      'https://chat.example.com.evil.com',
      'https://evilchat.example.com',
      'http://chat.example.com',
      'null',
      `http://evil.com/${host}`,
    ]) {
      const refusal = await refusalOf(`${server.wsUrl}/ws`, { headers: { ...bearer(), origin } });
      expect(refusal, origin).toMatchObject({ status: 403, body: { error: 'Forbidden' } });
    }
    for (const origin of ['https://chat.example.com', `http://${host}`, 'http://localhost:5173']) {
      const socket = await Socket.open('flat', `${server.wsUrl}/ws`, { headers: { ...bearer(), origin } });
      await socket.close();
    }
  });

  it('is refused with 429 when the user has too many connections, however many ask at once', async () => {
    const bob = await Person.register(server);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => bob.flat()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    const refusal = await refusalOf(`${server.wsUrl}/ws?token=${bob.token}`);
    expect(refusal).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    const first = outcomes.find((outcome) => outcome.status === 'fulfilled');
    await first?.value.close();
    await (await bob.flat()).close();
  });

  it('is refused with 503 while the server shuts down', async () => {
    const leaving = await startServer();
    try {
      const bob = await Person.register(leaving);
      leaving.app.get(Reception).close();
      for (const path of ['/ws', '/ws/', '/api/v1/ws', '/ws/dashboard/01900000-0000-7000-8000-000000000000']) {
        const refusal = await refusalOf(`${leaving.wsUrl}${path}?token=${bob.token}`);
        expect(refusal, path).toMatchObject({
          status: 503,
          headers: { 'retry-after': expect.stringMatching(/^[1-5]$/) },
          body: { statusCode: 503 },
        });
      }
    } finally {
      await leaving.close();
    }
  });

  it('finds the token in the header, the query or a subprotocol', async () => {
    const { token } = ann;
    const ways = [
      { path: '/ws', options: { headers: bearer() } },
      { path: `/ws?token=${token}`, options: {} },
      { path: `/ws?access_token=${token}`, options: {} },
      { path: '/ws', options: { protocols: ['parlance', `bearer.${token}`] } },
    ];
    for (const { path, options } of ways) {
      const socket = await Socket.open('flat', `${server.wsUrl}${path}`, options);
      expect(await socket.untilFence(), path).toEqual([]);
      await socket.close();
    }
  });

  it('takes the first credentials found, good or not', async () => {
    const headers = { authorization: 'Bearer forged' };
    expect(await refusalOf(`${server.wsUrl}/ws?token=${ann.token}`, { headers })).toMatchObject({ status: 401 });
  });

  it('chooses the dialect by subprotocol and query before the path', async () => {
    const viaQuery = await Socket.open('tribe', `${server.wsUrl}/ws?dialect=tribe`, { headers: bearer() });
    expect(await viaQuery.next()).toMatchObject({ event: 'connected' });
    await viaQuery.close();
    const protocols = ['parlance.channels', `bearer.${ann.token}`];
    const viaProtocol = await Socket.open('channels', `${server.wsUrl}/ws?dialect=tribe`, { protocols });
    viaProtocol.send({ type: 'ping' });
    expect(await viaProtocol.next()).toMatchObject({ type: 'pong' });
    await viaProtocol.close();
  });

  it('keeps the dialect that it named, whatever the first frame looks like', async () => {
    const socket = await Socket.open('tribe', `${server.wsUrl}/api/v1/ws?dialect=tribe&token=${ann.token}`);
    await socket.next();
    socket.send({ type: 'ping' });
    expect(await socket.next()).toMatchObject({ event: 'error' });
    await socket.close();
  });

  it('keeps frames that are sent with it until it is authenticated', async () => {
    const { hostname, port } = new URL(server.url);
    const raw = connect(Number(port), hostname);
    const mask = Buffer.from([1, 2, 3, 4]);
    const payload = Buffer.from('{"event":"ping"}').map((byte, index) => byte ^ mask[index % 4]!);
    raw.write(
      `GET /api/v1/ws?token=${ann.token} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    raw.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload]));
    let received = '';
    for await (const chunk of raw) {
      received += String(chunk);
      if (received.includes('"pong"')) break;
    }
    expect(received).toMatch(/^HTTP\/1.1 101 [^]*"connected"[^]*"pong"/);
  });

  it('that offers another protocol than websockets is served as the plain request that it also is', async () => {
    const { hostname, port } = new URL(server.url);
    const raw = connect(Number(port), hostname);
    const body = JSON.stringify({ email: ann.email, password: 'wrong' });
    const send = (): boolean =>
      raw.write(
        `POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n` +
          `HTTP2-Settings: AAMAAABk\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    let received = '';
    send();
    for await (const chunk of raw) {
      received += String(chunk);
      const answers = received.match(/HTTP\/1\.1 401 /g)?.length ?? 0;
      if (answers === 2) break;
      if (answers === 1) send();
    }
    expect(received).not.toMatch(/HTTP\/1\.1 (?!401)/);
  });

  it('answers what is no websocket handshake, and stays up', async () => {
    const { hostname, port } = new URL(server.url);
    const raw = connect(Number(port), hostname);
    raw.write(`GET /ws?token=${ann.token} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    const [answer] = (await once(raw, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1.1 400 /);
    await (await ann.flat()).close();
  });
});
