import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../../src/testing/application.js';
import { begin, everythingHappens, gather } from '../../../src/testing/conformance/happenings.js';
import { Person } from '../../../src/testing/person.js';
import { Socket } from '../../../src/testing/socket.js';

/** Only who may see it gets it (contract §1.7); of the dialects of conversations, `every-dialect.e2e.ts` shows it. */
describe('who watches a dashboard without being anyone', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it('is told nothing of conversations', async () => {
    const cast = await gather(server);
    const conversation = await begin(cast, await Person.register(server));
    const session = await cast.ann.rest.session();
    const guest = await Socket.open('dashboard', `${server.wsUrl}/ws/dashboard/${session.id}`);
    await everythingHappens(server, cast, conversation);
    await cast.bob.rest.post(`/sessions/${session.id}/check-ins`).expect(201);
    expect(await guest.next()).toMatchObject({ session_id: session.id, user_id: cast.bob.id });
  });
});
