import { Person } from '../../../src/testing/person.js';
import { refusalOf, Socket } from '../../../src/testing/socket.js';
import type { Scene } from './scene.js';

const UNKNOWN = '01900000-0000-7000-8000-000000000000';

/** `flat-and-dashboard.md`, "Dashboard WebSocket". */
export const dashboard: Scene = {
  name: 'dashboard',
  async play(server, recorder) {
    const host = await Person.register(server, { role: 'host' });
    const ann = await Person.register(server, { username: 'ann.archer', full_name: 'Ann Archer' });
    const bob = await Person.register(server);
    await ann.rest.patch('/users/me', { profile_image_url: 'https://example.com/ann.png' }).expect(200);
    const { body: session } = await host.rest.post('/sessions', { title: 'An evening' }).expect(201);
    const screen = await Socket.open('dashboard', `${recorder.wsUrl}/ws/dashboard/${session.id}`);
    for (const person of [ann, bob]) {
      const here = await person.login(recorder);
      await here.rest.post(`/sessions/${session.id}/check-ins`).expect(201);
      await screen.next();
    }
    await (await ann.login(recorder)).rest.post(`/sessions/${session.id}/check-ins`).expect(409);
    await screen.next();
    await screen.close();
    await refusalOf(`${recorder.wsUrl}/ws/dashboard/${UNKNOWN}`);
    await refusalOf(`${recorder.wsUrl}/ws/dashboard/nonsense`);
  },
};
