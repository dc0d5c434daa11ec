import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ PORT: '0,0,0' });
});
afterAll(() => server.close());

/** The server as it is met at each of its ports. */
const doors = () => server.urls.map((url) => ({ url, wsUrl: url.replace('http', 'ws') }));

describe('a server at several ports', () => {
  it('has the same routes at each', async () => {
    expect(new Set(server.urls).size).toBe(3);
    for (const { url } of doors()) {
      await request(url).get('/').expect(200);
      await request(url).get('/health/ready').expect(200);
      await request(url).get('/api/v1/auth/me').expect(401);
    }
  });

  it('carries a conversation between those who came in by different ones', async () => {
    const [first, second, third] = doors();
    const [ada, bob] = [await Person.register(first!), await Person.register(second!)];
    const conversation = await ada.rest.converse(bob);
    const socket = await (await bob.login(third)).flat();
    await ada.rest.say(conversation, 'hello');
    expect(await socket.next()).toMatchObject({ content: 'hello' });
    await socket.close();
  });

  it('stops at all of them', async () => {
    const other = await startServer({ PORT: '0,0' });
    await other.close();
    for (const url of other.urls) await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});
