import { setTimeout as delay } from 'node:timers/promises';
import type { Testimony, Usage } from '../harness/node.js';
import type { Scenario, Stage } from '../harness/stage.js';

/** Bytes by which what is in use may grow: caches that fill, code that is compiled. */
const GROWTH = 12 * 2 ** 20;
/** Timers and descriptors that come and go. */
const FLUCTUATION = 5;
const ROUNDS = 4;

/** What the nodes hold when nobody is there: asked after what is kept for a while has gone. */
async function holdings({ cluster }: Stage): Promise<(Usage & Testimony)[]> {
  await delay(6_000); // longer than anything that is kept for someone who may come back, or a request's connection
  return Promise.all(cluster.nodes.map(async (node) => ({ ...(await node.usage()), ...(await node.testify()) })));
}

/** Clients come, talk, are cut off and leave, many times. */
export const baseline: Scenario = {
  title: 'after all of it the nodes hold no more sockets, timers and memory than before',
  async play(stage) {
    const { cluster, random } = stage;
    const visit = async (): Promise<void> => {
      const scene = await stage.scene({ groups: 5 });
      const load = scene.talk();
      await load.anyMoment();
      await stage.fault(() => random.pick(cluster.nodes).toRedis.cut());
      await delay(500);
      await cluster.heal();
      stage.recovered(await load.flows(10_000));
      await stage.finish(scene);
      scene.leave();
    };
    for (const node of cluster.nodes) {
      await node.end('SIGTERM');
      await node.start();
    }
    for (let round = 0; round < 2; round++) await visit(); // fills the caches and the pools
    const before = await holdings(stage);
    for (let round = 0; round < ROUNDS * stage.rounds; round++) await visit();
    const after = await holdings(stage);
    for (const [index, node] of cluster.nodes.entries()) {
      const [was, is] = [before[index]!, after[index]!];
      const tell = (what: keyof Usage | keyof Testimony): string =>
        `${node.name}: ${what} from ${was[what]} to ${is[what]}`;
      stage.check(is.descriptors <= was.descriptors + FLUCTUATION, tell('descriptors'));
      stage.check(is.timers <= was.timers + FLUCTUATION, tell('timers'));
      stage.check(is.heap <= was.heap + GROWTH, tell('heap'));
    }
  },
};
