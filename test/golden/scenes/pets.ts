import type { FrameLine } from '../../../scripts/record/recording.js';
import { Person } from '../../../src/testing/person.js';
import type { Socket } from '../../../src/testing/socket.js';
import type { Scene } from './scene.js';

interface PresenceLine extends Omit<FrameLine, 'frame'> {
  readonly frame: { readonly params: object };
}

/** Who is at a connection, as `user_joined` says it. */
const OF_CONNECTION: Readonly<Record<number, object>> = {
  1: { user_id: '<user 1>', display_name: '<user 1 full_name>' },
  2: { user_id: '<user 2>', display_name: '<user 2 full_name>' },
};

/** `pets.md`, "Events" and "User Presence". */
export const pets: Scene = {
  name: 'pets',
  async play(server, recorder) {
    const owner = await Person.register(server, { role: 'client', username: 'john.doe', full_name: 'John Doe' });
    const vet = await Person.register(server, { role: 'provider', username: 'dr.vet', full_name: 'Doctor Vet' });
    const groomer = await Person.register(server, { role: 'provider' });
    const { body: pet } = await owner.rest.post('/pets', { name: 'Rex' }).expect(201);
    const owners = await (await owner.login(recorder)).pets();
    const vets = await (await vet.login(recorder)).pets();
    const ask = (socket: Socket, by: Person, event: string, params: object): void =>
      socket.send({ sender_id: by.id, event, params });

    ask(owners, owner, 'conversations', {});
    await owners.next();
    ask(owners, owner, 'new_conversation', { pet_id: pet.id, providers: [vet.id, groomer.id] });
    const created = await untilEvent(owners, 'conversation_created');
    await untilEvent(vets, 'new_conversation_invitation');
    const conversation_id = created.params.id as string;
    ask(owners, owner, 'message', { conversation_id, content: 'Your message text' });
    await untilEvent(owners, 'message_sent');
    await untilEvent(vets, 'message_sent');
    ask(vets, vet, 'conversations', {});
    await untilEvent(vets, 'conversations');
    ask(vets, vet, 'conversation_history', { conversation_id, page: 0, limit: 20 });
    await untilEvent(vets, 'conversation_history_response');
    ask(vets, vet, 'unsubscribe_conversation', { conversation_id, status: 'success' });
    await untilEvent(vets, 'unsubscribed');
    await untilEvent(owners, 'user_left');
    ask(vets, vet, 'subscribe_conversation', { conversation_id });
    await untilEvent(vets, 'subscribed');
    await untilEvent(owners, 'user_joined');
    ask(vets, owner, 'message', { conversation_id, content: 'In the name of another' });
    await untilEvent(vets, 'error');
    await vets.close();
    await untilEvent(owners, 'user_left');
    await owners.close();
  },
  /** Both enter the new conversation at once, and each may hear the other come, before the first message or after it. */
  revise(lines) {
    const isJoining = (line: string): boolean => line.includes('"event":"user_joined"');
    const settled = lines.findIndex(
      (line) => line.includes('"connection":2') && line.includes('"event":"conversations"'),
    );
    const rest = lines.filter((line, place) => place > settled || !isJoining(line));
    const created = rest.findIndex((line) => line.includes('"event":"conversation_created"')) + 1;
    const { frame, ...line } = JSON.parse(lines.find(isJoining)!) as PresenceLine;
    const joinings = [1, 2].map((connection) => {
      const params = { ...frame.params, ...OF_CONNECTION[3 - connection], timestamp: `<ms ${9_000 + connection}>` };
      return JSON.stringify({ ...line, connection, frame: { ...frame, params }, optional: true });
    });
    return [...rest.slice(0, created), ...joinings, ...rest.slice(created)];
  },
};

/** Passes over what comes before: who else has come, or gone. */
async function untilEvent(socket: Socket, event: string): Promise<{ params: Record<string, unknown> }> {
  for (;;) {
    const frame = await socket.next();
    if (frame.event === event) return frame as { params: Record<string, unknown> };
  }
}
