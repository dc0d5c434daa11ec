import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tell } from './harness/account.js';
import { Cluster } from './harness/cluster.js';
import { Random } from './harness/random.js';
import { Stage } from './harness/stage.js';
import { SCENARIOS } from './scenarios/index.js';

const MINUTES = 60_000;
const WITNESS = new URL('harness/witness.mjs', import.meta.url);

describe('two nodes over one database and one bus', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.start({ preload: [WITNESS] });
  }, 2 * MINUTES);
  afterAll(() => cluster?.remove());

  it.each(SCENARIOS)(
    '$title',
    async (scenario) => {
      const report = await Stage.play(scenario, cluster, Random.fromEnvironment());
      console.log(tell(report));
      expect(report.violations.slice(0, 20)).toEqual([]);
    },
    3 * MINUTES,
  );
});
