import { after, afterEach, before, describe, it } from 'node:test';
import { assertPublished, CONFORMANCE_SETTINGS, conformanceOf, startServer, type TestServer } from 'parlance/testing';
import { SampleModule } from '../src/sample.module.js';
import { sampleAdapter } from './sample.adapter.js';

describe('sample, as every dialect,', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(CONFORMANCE_SETTINGS, { imports: [SampleModule] });
  });
  afterEach(assertPublished);
  after(() => server.close());

  for (const { title, run } of conformanceOf(sampleAdapter)) it(title, () => run(server));
});
