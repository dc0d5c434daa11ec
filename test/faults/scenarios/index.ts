import type { Scenario } from '../harness/stage.js';
import { baseline } from './baseline.js';
import { killedNode, rollingRestart, twins } from './nodes.js';
import { silentPostgres, stoppedPostgres } from './postgres.js';
import { lastWords } from './quiet.js';
import { halfOpenPeer, stoppedReader } from './readers.js';
import { absentRedis, flapping, killedRedis, partition } from './redis.js';
import { revocations } from './revocation.js';
import { storm } from './storm.js';

/** Everything that may go wrong. */
export const SCENARIOS: readonly Scenario[] = [
  killedNode,
  rollingRestart,
  twins,
  lastWords,
  killedRedis,
  absentRedis,
  partition,
  flapping,
  stoppedPostgres,
  silentPostgres,
  ...revocations,
  stoppedReader,
  halfOpenPeer,
  storm,
  baseline,
];
