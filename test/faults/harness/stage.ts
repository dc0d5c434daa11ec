import type { Cluster } from './cluster.js';
import type { Random } from './random.js';
import { Scene, type SceneOptions } from './scene.js';
import { until } from './waiting.js';

/** What may go wrong, and what must hold when it does. */
export interface Scenario {
  /** A sentence about what holds. */
  readonly title: string;
  play(stage: Stage): Promise<void>;
}

/** What became of a scenario. */
export interface Report {
  readonly title: string;
  readonly seed: number;
  readonly milliseconds: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly heard: number;
  readonly faults: number;
  /** Milliseconds from the end of each fault until everyone was served again. */
  readonly recoveries: readonly number[];
  readonly violations: readonly string[];
  /** What the nodes warned of, where there are violations: to find out why. */
  readonly warnings: readonly string[];
}

/** Milliseconds after which a node that died, and what it held for its clients, must be forgotten. */
const FORGETTING = 15_000;

/** What a scenario plays on: a cluster that is whole, and an account of what it does. */
export class Stage {
  /** How often a fault is repeated where a scenario has it more than once. */
  readonly rounds: number;
  readonly violations: string[] = [];
  readonly recoveries: number[] = [];
  private readonly scenes: Scene[] = [];
  private faults = 0;

  private constructor(
    readonly cluster: Cluster,
    readonly random: Random,
    rounds: number,
  ) {
    this.rounds = rounds;
  }

  /** Plays a scenario, and tidies up after it. What it throws is one more violation. */
  static async play(scenario: Scenario, cluster: Cluster, random: Random, rounds = 1): Promise<Report> {
    const stage = new Stage(cluster, random, rounds);
    const from = performance.now();
    try {
      await scenario.play(stage);
    } catch (error) {
      stage.violations.push((error as Error).stack ?? String(error));
    }
    for (const scene of stage.scenes) scene.leave();
    await stage.tidy().catch((error: Error) => stage.violations.push(error.message));
    stage.violations.push(...cluster.nodes.flatMap(({ alarms }) => alarms));
    const totals = stage.scenes.map(({ ledger }) => ledger.totals);
    const sum = (key: 'sent' | 'acknowledged' | 'heard'): number =>
      totals.reduce((count, total) => count + total[key], 0);
    return {
      title: scenario.title,
      seed: random.seed,
      milliseconds: Math.round(performance.now() - from),
      sent: sum('sent'),
      acknowledged: sum('acknowledged'),
      heard: sum('heard'),
      faults: stage.faults,
      recoveries: stage.recoveries,
      violations: [...new Set(stage.violations)],
      warnings:
        stage.violations.length > 0
          ? cluster.nodes.flatMap(({ name, warnings }) => warnings.slice(-10).map((line) => `${name}: ${line}`))
          : [],
    };
  }

  async scene(options?: SceneOptions): Promise<Scene> {
    const scene = await Scene.set(this.cluster, this.random, options);
    this.scenes.push(scene);
    return scene;
  }

  /** Mends what is broken; then nothing may be left of the clients, which are gone. */
  private async tidy(): Promise<void> {
    const { cluster } = this;
    await cluster.heal();
    const { nodes } = cluster;
    await until('nobody is left', FORGETTING, async () => (await cluster.first.countClients()) === 0);
    let topics: string[] = [];
    await until('no subscription is left', FORGETTING, async () => {
      topics = (await cluster.redis.topics()).filter((topic) => !/:(nodes|presence|pulse:[^:]+)$/.test(topic));
      return topics.length === 0;
    }).catch((error: Error) => this.check(false, `${error.message}: ${topics.join(', ')}`));
    let hearers = 0;
    await until('each node hears Redis by one connection', FORGETTING, async () => {
      hearers = String(await cluster.redis.ask('CLIENT', 'LIST', 'TYPE', 'pubsub'))
        .trim()
        .split('\n').length;
      return hearers === nodes.length;
    }).catch((error: Error) => this.check(false, `${error.message}: ${hearers} do, of ${nodes.length} nodes`));
    const stuck = await cluster.postgres.query(
      `SELECT state, query FROM pg_stat_activity
       WHERE application_name = 'parlance' AND state <> 'idle' AND state_change < now() - interval '2 s'`,
    );
    this.check(stuck.length === 0, `the database is still at work: ${JSON.stringify(stuck)}`);
  }

  /** Counts a fault, and lets it happen. */
  async fault<T>(happen: () => Promise<T> | T): Promise<T> {
    this.faults++;
    return happen();
  }

  /** How long it took until all was well again. */
  recovered(milliseconds: number, atMost = Infinity): void {
    this.recoveries.push(Math.round(milliseconds));
    this.check(milliseconds <= atMost, `all was well again after ${Math.round(milliseconds)} ms, not ${atMost}`);
  }

  /** Notes what is not as promised. */
  check(holds: boolean, otherwise: string): void {
    if (!holds) this.violations.push(otherwise);
  }

  /** Ends a scene: everything that is not as promised is noted. */
  async finish(scene: Scene, conversations = scene.conversations): Promise<void> {
    this.violations.push(...(await scene.finish(conversations)));
  }
}
