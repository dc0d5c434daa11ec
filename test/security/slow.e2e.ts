import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HTTP_LIMITS } from '../../src/http-adapter.js';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { upgradeRequest, Wire } from './support/wire.js';

const LOGIN = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const SLACK = 5_000; // for a machine that does much else beside

/** The most that a limit may let pass: it is looked at every so often. */
const within = (limit: number): number => limit + HTTP_LIMITS.connectionsCheckingInterval + SLACK;

/** As `socketio.server.ts` has it. Milliseconds. */
const CONNECT_LIMIT = 10_000;

/** Clients that take their time: what they send at once, and then bit by bit for as long as they are let. */
const SLOW: readonly [what: string, atOnce: string, thenOn: string, limit: number][] = [
  ['that says nothing', '', '', HTTP_LIMITS.headersTimeout],
  ['that ends no line', 'GET / HTT', '', HTTP_LIMITS.headersTimeout],
  ['whose headers come one by one', 'GET / HTTP/1.1\r\n', 'X-More: 1\r\n', HTTP_LIMITS.headersTimeout],
  [
    'whose handshake comes sign by sign',
    upgradeRequest('/ws').slice(0, -2) + 'X-More: ',
    'x',
    HTTP_LIMITS.headersTimeout,
  ],
  ['whose body comes byte by byte', `${LOGIN}Content-Length: 1000\r\n\r\n{"email":"`, 'x', HTTP_LIMITS.requestTimeout],
  [
    'whose body comes in chunks without end',
    `${LOGIN}Transfer-Encoding: chunked\r\n\r\n`,
    '1\r\nx\r\n',
    HTTP_LIMITS.requestTimeout,
  ],
];

describe('a client', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ PORT: '0,0' });
  });
  afterAll(() => server.close());

  it.concurrent.each(SLOW)(
    '%s is cut off, at every port, and others are served meanwhile',
    async (_, atOnce, thenOn, limit) => {
      const wires = await Promise.all(server.urls.map((url) => Wire.open(url)));
      const begun = Date.now();
      for (const wire of wires) wire.write(atOnce);
      const dripping = setInterval(() => {
        for (const { socket } of wires) if (thenOn && socket.writable) socket.write(thenOn);
      }, 500);
      const ann = await Person.register(server);
      const socket = await ann.flat();
      await Promise.all(wires.map(({ closed }) => closed));
      clearInterval(dripping);
      const took = Date.now() - begun;
      expect(took).toBeGreaterThan(limit - SLACK);
      expect(took).toBeLessThan(within(limit));
      for (const { received } of wires) expect(received.toString('latin1')).toMatch(/^HTTP\/1\.1 408 /);
      expect(await socket.untilFence()).toEqual([]);
    },
    within(HTTP_LIMITS.requestTimeout) + SLACK,
  );

  it.concurrent(
    'who opens Socket.IO by websocket and does not say who it is is told to go',
    async () => {
      const wire = await Wire.upgrade(server.url, '/socket.io/?EIO=4&transport=websocket');
      expect(await wire.closeCode(within(CONNECT_LIMIT))).toBe(1005);
    },
    within(CONNECT_LIMIT) + SLACK,
  );

  it('that asks again in time is not, and is told how long that is', async () => {
    const wire = await Wire.open(server.url);
    for (let asked = 0; asked < 3; asked++) {
      wire.received = Buffer.alloc(0);
      wire.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(await wire.until('"status"')).toContain(`Keep-Alive: timeout=${HTTP_LIMITS.keepAliveTimeout / 1000}`);
    }
    wire.destroy();
  });
});
