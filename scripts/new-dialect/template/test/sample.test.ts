import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { assertPublished, Person, startServer, type TestServer } from 'parlance/testing';
import { SampleModule } from '../src/sample.module.js';
import { sampleAdapter } from './sample.adapter.js';

describe('sample', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({}, { imports: [SampleModule] });
  });
  afterEach(assertPublished);
  after(() => server.close());

  it('shows what someone says to the others', async () => {
    const [ann, bob] = [await Person.register(server), await Person.register(server)];
    const conversation = await ann.rest.converse(bob);
    const [anns, bobs] = [await sampleAdapter.open(ann), await sampleAdapter.open(bob)];
    anns.send({ type: 'say', conversation, text: 'Hello' });
    assert.equal((await anns.next()).type, 'stored');
    await bobs.expectFrame({ type: 'said', conversation, sender: ann.username, text: 'Hello' });
    await anns.expectSilence();
  });
});
