import { setTimeout as delay } from 'node:timers/promises';
import type { Scene } from '../harness/scene.js';
import type { Scenario, Stage } from '../harness/stage.js';

/** Milliseconds in which a send is answered while the database is away, and in which sends succeed after its return. */
const PROMISE = 5_000;
/** Milliseconds that this machine may be late. */
const LATENESS = 1_000;
const OUTAGE = 10_000;

/** What must hold of everything that was sent while the database was away. */
function expectRefusals(stage: Stage, scene: Scene, from: number, to: number): void {
  for (const { content, attempts } of scene.ledger.sent.values()) {
    for (const { at, until, answer } of attempts) {
      if (until < from || at > to) continue;
      const took = Math.round(until - at);
      if (took > PROMISE + LATENESS) stage.violations.push(`answered after ${took} ms: ${content} (${answer.kind})`);
      if (answer.kind === 'lost') stage.violations.push(`a socket did not stay: ${content}`);
      if (at > from + 100 && until < to - 100 && answer.kind === 'acknowledged') {
        stage.violations.push(`acknowledged while there was no database: ${content}`);
      }
    }
  }
}

/** Takes the database away for a while, and brings it back. */
async function outage(stage: Stage, leave: () => Promise<void> | void, comeBack: () => Promise<void>): Promise<void> {
  const scene = await stage.scene();
  const load = scene.talk();
  for (let round = 0; round < stage.rounds; round++) {
    await load.anyMoment();
    const lines = countLines(scene);
    await stage.fault(leave);
    const from = performance.now();
    await delay(OUTAGE / 2);
    await expectRefusal(stage, scene);
    await delay(OUTAGE / 2 - ((performance.now() - from) % (OUTAGE / 2)));
    const to = performance.now();
    await comeBack();
    stage.recovered(await load.flows(20_000), PROMISE + LATENESS);
    expectRefusals(stage, scene, from, to);
    stage.check(countLines(scene) === lines, 'sockets did not stay while the database was away');
  }
  await stage.finish(scene);
}

/** By REST a refusal is a 503, and says when to come back. */
async function expectRefusal(stage: Stage, scene: Scene): Promise<void> {
  const { url } = stage.cluster.first;
  const [person] = scene.people;
  const answer = await fetch(`${url}/api/v1/conversations/${scene.conversations[0]!.id}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person!.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'while the database is away' }),
    signal: AbortSignal.timeout(2 * PROMISE),
  });
  stage.check(answer.status === 503, `a send by REST was answered with ${answer.status}`);
  stage.check(answer.headers.has('retry-after'), 'the 503 does not say when to come back');
  const { status } = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2 * PROMISE) });
  stage.check(status === 503, `a node without a database says that it is ready: ${status}`);
}

function countLines({ ledger }: Scene): number {
  return ledger.listeners.reduce((count, { lines }) => count + lines.length, 0);
}

/** The database server is stopped without a word to its clients. */
export const stoppedPostgres: Scenario = {
  title: 'while PostgreSQL is stopped every send is refused within 5 s, and succeeds within 5 s of its return',
  play(stage) {
    const { postgres } = stage.cluster;
    return outage(
      stage,
      () => postgres.stopImmediately(),
      () => postgres.restart(),
    );
  },
};

/** The network to the database loses everything: connections stay, and nothing answers. */
export const silentPostgres: Scenario = {
  title: 'while PostgreSQL does not answer every send is refused within 5 s, and succeeds within 5 s of its return',
  play(stage) {
    const { nodes } = stage.cluster;
    return outage(
      stage,
      () => nodes.forEach(({ toPostgres }) => toPostgres.silence()),
      async () => void (await Promise.all(nodes.map(({ toPostgres }) => toPostgres.open()))),
    );
  },
};
