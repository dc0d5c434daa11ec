import { after, afterEach, before, describe, it } from 'node:test';
import { assertPublished, CONFORMANCE_SETTINGS, conformanceOf, startServer, type TestServer } from 'parlance/testing';
import { additions } from '../src/additions.js';
import { lines } from './lines.adapter.js';

describe('lines, as every dialect,', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(CONFORMANCE_SETTINGS, additions);
  });
  afterEach(assertPublished);
  after(() => server.close());

  for (const { title, run } of conformanceOf(lines)) it(title, () => run(server));
});
