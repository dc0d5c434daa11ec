import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from './harness/cluster.js';
import { Random } from './harness/random.js';
import { type Report, type Scenario, Stage } from './harness/stage.js';
import { killedNode, twins } from './scenarios/nodes.js';
import { lastWords } from './scenarios/quiet.js';
import { removed } from './scenarios/revocation.js';

const MINUTES = 60_000;
/** A node must be killed at the wrong moment to lose what it has acknowledged too early; most often it is. */
const ROUNDS = 6;

/** Each is a module of `defects/` that breaks a node before it starts. */
const DEFECTS: readonly { readonly defects: readonly string[]; readonly scenario: Scenario; readonly tells: RegExp }[] =
  [
    { defects: ['acknowledge-before-commit'], scenario: killedNode, tells: /^acknowledged and lost/ },
    { defects: ['drop-bus-events', 'no-sweep'], scenario: lastWords, tells: / missed \d+ of / },
    { defects: ['skip-invalidation'], scenario: removed, tells: / heard what it may not/ },
    { defects: ['ignore-idempotency-key'], scenario: twins, tells: /^stored twice/ },
  ];

describe('the checks of these tests', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.start();
  }, 2 * MINUTES);
  afterEach(() => restart([]));
  afterAll(() => cluster?.remove());

  it.each(DEFECTS)(
    'find what is wrong with nodes that $defects',
    async ({ defects, scenario, tells }) => {
      let violations: readonly string[] = [];
      for (let round = 0; round < ROUNDS && !violations.some((violation) => tells.test(violation)); round++) {
        await restart(defects);
        ({ violations } = await play(scenario));
      }
      expect(violations).toContainEqual(expect.stringMatching(tells));
    },
    4 * MINUTES,
  );

  it(
    'find nothing where the bus drops events and the sweep repairs that',
    async () => {
      await restart(['drop-bus-events']);
      const { violations } = await play(lastWords);
      expect(violations).toEqual([]);
    },
    2 * MINUTES,
  );

  async function restart(defects: readonly string[]): Promise<void> {
    const modules = defects.map((name) => new URL(`defects/${name}.mjs`, import.meta.url));
    await cluster.heal();
    for (const node of cluster.nodes) {
      await node.end('SIGKILL');
      await node.start({ NODE_OPTIONS: modules.map(({ href }) => `--import=${href}`).join(' ') });
    }
  }

  async function play(scenario: Scenario): Promise<Report> {
    const report = await Stage.play(scenario, cluster, Random.fromEnvironment());
    console.log(
      `${report.violations.length} violations, such as: ${report.violations[0]?.slice(0, 200)} (seed ${report.seed})`,
    );
    return report;
  }
});
