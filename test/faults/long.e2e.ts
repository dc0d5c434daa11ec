import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { table, tell } from './harness/account.js';
import { withCluster } from './harness/cluster.js';
import { Random } from './harness/random.js';
import { type Report, Stage } from './harness/stage.js';
import { SCENARIOS } from './scenarios/index.js';

const MINUTE = 60_000;
const minutes = Number(process.env.MINUTES ?? 0);
const WITNESS = new URL('harness/witness.mjs', import.meta.url);
/** The figures until now are written here, lest they be lost with what is interrupted. */
const FIGURES = join(tmpdir(), 'parlance-faults.md');

describe.runIf(minutes > 0)('two nodes over one database and one bus, for long', () => {
  it(
    `keep what they promise for ${minutes} minutes of faults in any order`,
    async () => {
      const random = Random.fromEnvironment();
      const reports: Report[] = [];
      const endsAt = performance.now() + minutes * MINUTE;
      console.log(`seed ${random.seed}; the figures are in ${FIGURES}`);
      await withCluster({ preload: [WITNESS] }, async (cluster) => {
        while (performance.now() < endsAt) {
          for (const scenario of random.shuffle(SCENARIOS)) {
            if (performance.now() > endsAt) break;
            const report = await Stage.play(scenario, cluster, random.fork(), random.integer(1, 2));
            reports.push(report);
            console.log(tell(report));
            await writeFile(FIGURES, `${table(reports)}\n`);
          }
        }
      });
      console.log(table(reports));
      expect(reports.flatMap(({ violations }) => violations)).toEqual([]);
    },
    minutes * MINUTE + 10 * MINUTE,
  );
});
