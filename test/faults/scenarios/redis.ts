import { setTimeout as delay } from 'node:timers/promises';
import { heardLate } from '../harness/checks.js';
import { describe } from '../harness/load.js';
import type { Scene } from '../harness/scene.js';
import type { Scenario, Stage } from '../harness/stage.js';

/** Milliseconds after which everything is heard everywhere, whatever the bus did. */
const SWEEP = 5_000;
/** Milliseconds that are "at once" on this machine, busy as it is. */
const AT_ONCE = 2_000;

/** While Redis is away, and after its return: everyone is answered, and hears everything in time. */
async function outage(
  stage: Stage,
  length: number,
  leave: () => Promise<void> | void,
  comeBack: () => Promise<unknown>,
): Promise<void> {
  const scene = await stage.scene();
  const load = scene.talk();
  const rounds: [from: number, to: number][] = [];
  for (let round = 0; round < stage.rounds; round++) {
    await load.anyMoment();
    const from = performance.now();
    await stage.fault(leave);
    await delay(length);
    await comeBack();
    stage.recovered(await load.flows(10_000));
    rounds.push([from, performance.now()]);
  }
  await load.anyMoment();
  await stage.finish(scene);
  for (const [from, to] of rounds) expectServed(stage, scene, from, to);
}

function expectServed(stage: Stage, { ledger }: Scene, from: number, to: number): void {
  for (const sent of ledger.sent.values()) {
    const wasRefused = sent.attempts.some(({ at, answer }) => at > from && at < to && answer.kind !== 'acknowledged');
    if (wasRefused) stage.violations.push(`not acknowledged without Redis: ${describe(sent)}`);
  }
  stage.violations.push(
    ...heardLate(ledger, { from, to, most: AT_ONCE, where: 'here' }),
    ...heardLate(ledger, { from, to, most: SWEEP + AT_ONCE, where: 'elsewhere' }),
  );
}

/** Redis dies, and is there again with nothing in it. */
export const killedRedis: Scenario = {
  title: 'when Redis is killed and started anew, everyone hears everything',
  play(stage) {
    const { redis } = stage.cluster;
    return outage(
      stage,
      0,
      () => redis.kill(),
      () => redis.restart(),
    );
  },
};

/** Redis is away for long. */
export const absentRedis: Scenario = {
  title: 'while Redis is away sends are acknowledged, heard at once on their node, and within 5 s on others',
  play(stage) {
    const { redis } = stage.cluster;
    return outage(
      stage,
      10_000,
      () => redis.kill(),
      () => redis.restart(),
    );
  },
};

/** One node is cut off from Redis without knowing it: connections stay, and nothing comes. */
export const partition: Scenario = {
  title: 'a node that the network parts from Redis goes on serving, and everyone hears everything within 5 s',
  play(stage) {
    const { toRedis } = stage.random.pick(stage.cluster.nodes);
    return outage(
      stage,
      8_000,
      () => toRedis.silence(),
      () => toRedis.open(),
    );
  },
};

/** The line of every node to Redis breaks again and again. */
export const flapping: Scenario = {
  title: 'lines to Redis that break again and again lose nothing',
  async play(stage) {
    const { nodes } = stage.cluster;
    const scene = await stage.scene();
    const load = scene.talk();
    for (let round = 0; round < 5 * stage.rounds; round++) {
      const { toRedis } = stage.random.pick(nodes);
      await delay(stage.random.integer(100, 800));
      await stage.fault(() => toRedis.cut());
      await delay(stage.random.integer(50, 400));
      await toRedis.open();
    }
    stage.recovered(await load.flows(10_000));
    await stage.finish(scene);
  },
};
