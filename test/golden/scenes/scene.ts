import type { TestServer } from '../../../src/testing/application.js';

/** Where clients connect. */
export type Address = Pick<TestServer, 'url' | 'wsUrl'>;

/**
 * Clients that say what a document has as its examples. What there was before is made at the server itself, what is to be
 * recorded goes through the recorder; each step waits for all that it brings about.
 */
export interface Scene {
  /** Of the file in `test/golden`. */
  readonly name: string;
  play(server: TestServer, recorder: Address): Promise<void>;
  /** What is changed in the recording's lines, where the server may do one thing or another. */
  revise?(lines: readonly string[]): string[];
}
