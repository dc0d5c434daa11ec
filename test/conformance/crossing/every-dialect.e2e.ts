import { afterAll, beforeAll, describe, it } from 'vitest';
import { startServer, type TestServer } from '../../../src/testing/application.js';
import { ADAPTERS } from '../../../src/testing/conformance/adapters.js';
import { CONFORMANCE_SETTINGS, conformanceOf } from '../../../src/testing/conformance/checks.js';

/** Milliseconds; one of them sends a great deal. */
const PATIENCE = 60_000;

/** What the kit asks of any dialect is asked of ours. */
describe.each(ADAPTERS)('$dialect', (adapter) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(CONFORMANCE_SETTINGS);
  });
  afterAll(() => server.close());

  // oxlint-disable-next-line vitest/expect-expect -- a check throws
  it.each(conformanceOf(adapter).map(({ title, run }) => [title, run] as const))(
    '%s',
    (_, run) => run(server),
    PATIENCE,
  );
});
