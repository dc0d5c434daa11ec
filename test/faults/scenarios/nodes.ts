import type { Scenario } from '../harness/stage.js';

/** A node dies without a word while everyone talks. */
export const killedNode: Scenario = {
  title: 'a node that is killed loses nothing: its clients go on at the other one',
  async play(stage) {
    const { cluster, random } = stage;
    const scene = await stage.scene();
    const load = scene.talk();
    for (let round = 0; round < stage.rounds; round++) {
      await load.anyMoment();
      const node = random.pick(cluster.nodes);
      await stage.fault(() => node.end('SIGKILL'));
      stage.recovered(await load.flows(15_000));
      await node.start();
    }
    await stage.finish(scene);
  },
};

/** Both nodes are replaced, one after the other, as a deployment does it. */
export const rollingRestart: Scenario = {
  title: 'a rolling restart of both nodes loses nothing, and leaves no send unanswered',
  async play(stage) {
    const { cluster } = stage;
    const scene = await stage.scene();
    const load = scene.talk();
    for (let round = 0; round < stage.rounds; round++) {
      for (const node of cluster.nodes) {
        await load.anyMoment();
        const at = performance.now();
        const { code } = await stage.fault(() => node.end('SIGTERM'));
        stage.check(code === 0, `${node.name} exited with ${code}`);
        await node.start();
        await node.ready(10_000);
        stage.recovered(await load.flows(15_000));
        for (const { content, attempts } of scene.ledger.sent.values()) {
          for (const { at: since, until, answer } of attempts) {
            // What crosses the close frame on the wire is not answered on that connection, and can only be sent just then.
            const isLate = answer.kind === 'silence' || (answer.kind === 'lost' && until - since > CROSSING);
            if (until > at && isLate) stage.violations.push(`never answered: ${content}`);
          }
        }
      }
    }
    await stage.finish(scene);
  },
};

/** Milliseconds that a frame may take which is sent while the server closes. */
const CROSSING = 1_000;

/** Both nodes get the same message in the same moment. */
export const twins: Scenario = {
  title: 'a message that two nodes get at once under one client_message_id is stored once, and heard once',
  async play(stage) {
    const { cluster, random } = stage;
    const scene = await stage.scene({ groups: 2, each: 1 });
    const rounds = 40 * stage.rounds;
    const doubles = await Promise.all(
      scene.people.slice(0, 2).flatMap((person) =>
        cluster.nodes.map(async (node) => {
          const double = scene.add(person, 'socketio', scene.conversations, `double at ${node.name}`);
          await double.arrive(node);
          return double;
        }),
      ),
    );
    for (let round = 0; round < rounds; round++) {
      const pair = doubles.slice((round % 2) * 2).slice(0, 2);
      const name = `${random.seed}/twin/${round}`;
      const conversation = random.pick(scene.conversations);
      const senderId = pair[0]!.user.id;
      const sent = scene.ledger.send({ content: name, clientMessageId: name, conversation, senderId });
      const answers = await stage.fault(() => Promise.all(pair.map((double) => double.send(sent))));
      stage.check(answers.every(Boolean), `a twin was not acknowledged: ${name}`);
    }
    await stage.finish(scene);
  },
};
