import type { Member } from '../harness/member.js';
import type { Scenario } from '../harness/stage.js';
import { until } from '../harness/waiting.js';

/** Connections of each of the users: together, several hundred. */
const EACH = 60;
/** Milliseconds in which everyone must be back. */
const PATIENCE = 60_000;

/** Everyone who was on a node comes to the other one at once. */
export const storm: Scenario = {
  title: 'when a node with 600 connections dies, everyone is back at the other one, and it serves on meanwhile',
  async play(stage) {
    const { first, second } = stage.cluster;
    const scene = await stage.scene({ groups: 1 });
    const crowd: Member[] = [];
    for (const person of scene.people.slice(0, 10)) {
      const more = Array.from({ length: EACH }, (_, index) =>
        scene.visitor(person, 'flat', scene.conversations, `${index}`),
      );
      await Promise.all(more.map((member) => member.arrive(first)));
      crowd.push(...more);
    }
    const load = scene.talk({ pause: [300, 900] });
    await load.anyMoment();
    const from = performance.now();
    await stage.fault(() => first.end('SIGKILL'));
    await until('everyone is back', PATIENCE, () => crowd.every(({ isHere, at }) => isHere && at === second));
    stage.recovered(performance.now() - from);
    await load.flows(5_000);
    const refused = [...scene.ledger.sent.values()].flatMap(({ content, attempts }) =>
      attempts.some(({ answer }) => answer.kind === 'silence') ? [`never answered: ${content}`] : [],
    );
    stage.violations.push(...refused);
    await stage.finish(scene);
  },
};
