import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { assertPublished, Person, type Socket, startServer, type TestServer } from 'parlance/testing';
import { additions } from '../src/additions.js';

describe('lines', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  before(async () => {
    server = await startServer({}, additions);
    ann = await Person.register(server, { username: 'ann' });
    bob = await Person.register(server, { username: 'bob the builder' });
  });
  afterEach(assertPublished);
  after(() => server.close());

  const open = (person: Person): Promise<Socket> => person.speak('lines', '/lines', { read: (line) => line });
  const joined = async (person: Person): Promise<Socket> => {
    const socket = await open(person);
    socket.send('JOIN general');
    await socket.expectFrame('JOINED general');
    return socket;
  };

  it('tells the others what someone says, in a line, and the sender that it is stored', async () => {
    const [anns, bobs] = [await joined(ann), await joined(bob)];
    bobs.send('SAY general hello,\\nann');
    assert.equal(await bobs.next(), 'OK general 1');
    assert.equal(await anns.next(), 'SAID general bob_the_builder hello,\\nann');
    await bobs.expectSilence();
  });

  it('hears what is said in other dialects', async () => {
    const anns = await joined(ann);
    const bobs = await bob.flat();
    bobs.send({ conversation_id: 'general', content: 'from flat' });
    await anns.expectFrame('SAID general bob_the_builder from flat');
  });

  it('shows a poll, which is stored, once it is open', async () => {
    const anns = await joined(ann);
    const body = { question: 'Tea or coffee?' };
    const { body: poll } = await bob.rest.post('/conversations/general/polls', body).expect(201);
    await anns.expectFrame('POLL general Tea or coffee?');
    const { body: page } = await ann.rest.get('/conversations/general/polls').expect(200);
    assert.deepEqual(page, { data: [poll], next_cursor: null });
    await bob.rest.post('/conversations/general/polls', { question: ' ' }).expect(400);
  });

  it('is in the documents', async () => {
    const document = await (await fetch(`${server.url}/docs/asyncapi/lines.json`)).json();
    const { contentType, examples } = document.components.messages['lines.receive.SAY'];
    assert.deepEqual(
      { contentType, examples },
      { contentType: 'text/plain', examples: [{ payload: 'SAY general hello' }] },
    );
  });
});
