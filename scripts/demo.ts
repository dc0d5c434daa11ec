import { once } from 'node:events';
import { styleText } from 'node:util';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { OwnServer } from './own-server.js';

// One conversation, five dialects, and a dashboard counting beside them: starts a server of its own, lets one client of
// each dialect say something, and prints what each of them hears, as it is on the wire.

/** Someone who talks, in one dialect. */
interface Person {
  readonly name: string;
  readonly id: string;
  readonly email: string;
  readonly token: string;
}

/** A client of one dialect: says something, and has heard what contains a text. */
interface Client {
  readonly dialect: string;
  readonly person: Person;
  readonly say: (text: string) => void | Promise<unknown>;
  readonly heard: (text: string) => Promise<string>;
}

const server = await OwnServer.start();
try {
  await demonstrate(server.url);
} finally {
  await server.stop();
}

async function demonstrate(url: string): Promise<void> {
  const people = await Promise.all([
    register('Flora', 'member'),
    register('Toni', 'member'),
    register('Cleo', 'member'),
    register('Sio', 'member'),
    register('Petra', 'client'),
  ]);
  const [flora, toni, cleo, sio, petra] = people;
  const group = await post('/conversations', flora, { kind: 'group', participant_ids: people.map(({ id }) => id) });
  const conversation = group.id as string;
  const clients = [
    await flat(flora),
    await tribe(toni),
    await channels(cleo),
    await socketio(sio, group.number as number),
    await pets(petra),
  ];
  for (const client of clients) {
    const text = `Hello from ${client.person.name}`;
    console.log(`\n${styleText('bold', client.person.name)} says in ${styleText('cyan', client.dialect)}: ${text}`);
    await client.say(text);
    const others = clients.filter((other) => other !== client);
    for (const other of others) print(other.dialect, await other.heard(text));
  }
  await watchCheckIns(people);

  async function watchCheckIns(guests: readonly Person[]): Promise<void> {
    const host = await register('Hosta', 'host');
    const session = await post('/sessions', host, { title: 'The demonstration' });
    const dashboard = await open(`/ws/dashboard/${session.id as string}`);
    console.log(`\n${styleText('bold', 'The guests')} check in; the ${styleText('cyan', 'dashboard')} counts`);
    for (const guest of guests) {
      await post(`/sessions/${session.id as string}/check-ins`, guest, {});
      print('dashboard', await dashboard.heard(guest.id));
    }
  }

  async function flat(person: Person): Promise<Client> {
    const socket = await open('/ws', { authorization: `Bearer ${person.token}` });
    const say = (content: string): void => socket.send({ conversation_id: conversation, content });
    return { dialect: 'flat', person, say, heard: socket.heard };
  }

  async function tribe(person: Person): Promise<Client> {
    const socket = await open(`/api/v1/ws?token=${person.token}`);
    socket.send({ event: 'subscribe', channel: 'conversation', conversation_id: conversation });
    await socket.heard('subscribed');
    const say = (content: string): Promise<unknown> =>
      post(`/conversations/${conversation}/messages`, person, { content });
    return { dialect: 'tribe', person, say, heard: socket.heard };
  }

  async function channels(person: Person): Promise<Client> {
    const socket = await open(`/api/v1/ws?channel_id=${conversation}`, { 'User-Email': person.email });
    const say = (content: string): Promise<unknown> => post('/messages', person, { channel_id: conversation, content });
    return { dialect: 'channels', person, say, heard: socket.heard };
  }

  async function pets(person: Person): Promise<Client> {
    const socket = await open('/ws/', { authorization: `Bearer ${person.token}` });
    const say = (content: string): void =>
      socket.send({ sender_id: person.id, event: 'message', params: { conversation_id: conversation, content } });
    return { dialect: 'pets', person, say, heard: socket.heard };
  }

  async function socketio(person: Person, number: number): Promise<Client> {
    const auth = { token: person.token };
    const socket = io(url, { path: '/socket.io', auth, transports: ['websocket'], reconnection: false });
    const ear = listen();
    socket.onAny((event: string, payload: unknown) => ear.hear(`${event} ${JSON.stringify(payload)}`));
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
    await socket.emitWithAck('join_conversation', number);
    const say = (content: string): unknown => socket.emit('send_message', { conversationId: number, content });
    return { dialect: 'socketio', person, say: (text) => void say(text), heard: ear.heard };
  }

  async function open(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ send: (frame: object) => void; heard: Client['heard'] }> {
    const socket = new WebSocket(url.replace('http', 'ws') + path, { headers });
    const ear = listen();
    socket.on('message', (data) => ear.hear((data as Buffer).toString()));
    await once(socket, 'open');
    return { send: (frame) => socket.send(JSON.stringify(frame)), heard: ear.heard };
  }

  async function register(name: string, role: string): Promise<Person> {
    const email = `${name.toLowerCase()}@example.com`;
    const body = { email, password: 'correct horse battery', username: name.toLowerCase(), full_name: name, role };
    const { access_token: token, user } = await post('/auth/register', undefined, body);
    return { name, id: (user as { id: string }).id, email, token: token as string };
  }

  async function post(path: string, person: Person | undefined, body: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(person && { authorization: `Bearer ${person.token}` }) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }
}

/** Keeps what is heard until someone asks for what contains a text. */
function listen(): { hear: (frame: string) => void; heard: Client['heard'] } {
  const frames: string[] = [];
  let wake: () => void = () => {};
  return {
    hear(frame) {
      frames.push(frame);
      wake();
    },
    async heard(text) {
      for (;;) {
        const found = frames.find((frame) => frame.includes(text));
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

function print(dialect: string, frame: string): void {
  console.log(`  ${styleText('cyan', dialect.padEnd(10))} ${frame}`);
}
