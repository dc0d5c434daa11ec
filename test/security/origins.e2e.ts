import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { DOORS } from './support/doors.js';
import { upgradeRequest, Wire } from './support/wire.js';

const GOOD = 'https://good.example';

/** Pages that may not: all that looks like one that may, and what browsers send for a page that is of nowhere. */
const FOREIGN = [
  'https://good.example.evil.com',
  'https://evilgood.example',
  'https://sub.good.example',
  'https://good.example@evil.com',
  'https://evil.com/https://good.example',
  'https://evil.com#https://good.example',
  'http://good.example',
  'wss://good.example',
  'https://good.example:8443',
  'https://good.example:443',
  'https://good.example/',
  'https://good.example.',
  'HTTPS://GOOD.EXAMPLE',
  'https://good.example, https://evil.com',
  'good.example',
  'file://',
  'null',
  'undefined',
  '*',
  '',
  'http://localhost:5173', // in production nobody develops
  'http://localhost.evil.com',
];

describe('in production, a web page', () => {
  let server: TestServer;
  let ann: Person;
  beforeAll(async () => {
    server = await startServer({
      NODE_ENV: 'production',
      JWT_SECRET: 'a secret of at least 32 characters',
      ALLOWED_ORIGINS: `${GOOD},https://other.example:8443`,
    });
    ann = await Person.register(server);
  });
  afterAll(() => server.close());

  describe.each(DOORS)('that connects to $name', ({ knock }) => {
    const from = (origin?: string | string[]): Promise<number> =>
      knock(server, { token: ann.token, headers: origin === undefined ? {} : { origin } });

    it('is let in from an origin that is listed, and from the server’s own', async () => {
      expect(await from(GOOD)).toBe(101);
      expect(await from('https://other.example:8443')).toBe(101);
      expect(await from(`https://${new URL(server.url).host}`)).toBe(101);
    });

    it('is refused from any other, with credentials that are good', async () => {
      for (const origin of FOREIGN) expect(await from(origin), origin).toBe(403);
      const { port } = new URL(server.url);
      expect(await from(`http://127.0.0.1:${Number(port) + 1}`)).toBe(403);
    });

    it('is no web page without an origin: native clients are let in', async () => {
      expect(await from()).toBe(101);
    });
  });

  it('that gives two origins is refused, whichever comes first', async () => {
    for (const origins of [`${GOOD}\r\nOrigin: https://evil.com`, `https://evil.com\r\nOrigin: ${GOOD}`]) {
      const wire = await Wire.open(server.url);
      wire.write(upgradeRequest(`/ws?token=${ann.token}`, { Origin: origins }));
      expect(await wire.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /);
      wire.destroy();
    }
  });
});
