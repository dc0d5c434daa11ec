import { afterAll, afterEach } from 'vitest';
import { takeProblems } from './published.js';

/** Whatever a test was about, it fails when the server sent what its documents do not allow. */
function expectOnlyPublished(): void {
  const [problem] = takeProblems();
  if (problem) throw new Error(problem);
}

afterEach(expectOnlyPublished);
afterAll(expectOnlyPublished);
