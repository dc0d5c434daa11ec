import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Program } from '../harness/processes.js';
import { Line } from '../../../src/testing/line.js';
import { register } from '../harness/scene.js';
import type { Scenario } from '../harness/stage.js';
import { until } from '../harness/waiting.js';

const READER = fileURLToPath(new URL('../harness/reader.mjs', import.meta.url));
/** Messages of 16 kB each: more than all the buffers between a server and a client take in. */
const FLOOD = 1_200;
/** Four bytes each; a message may have 4,000 characters. */
const PADDING = '😀'.repeat(3_900);
/** Bytes that a node may take for a reader that does not read: its buffer, and what is being made meanwhile. */
const ROOM = 200 * 2 ** 20;

/** A client that stands still while its conversation goes on. */
export const stoppedReader: Scenario = {
  title: 'a reader that stands still is cut off with 1013, and costs the others nothing',
  async play(stage) {
    const { first: node } = stage.cluster;
    const scene = await stage.scene({ groups: 1, each: 1 });
    const [owner] = scene.people;
    const [conversation] = scene.conversations;
    const late = await register(node);
    await owner!.rest.post(`/conversations/${conversation!.id}/participants`, { user_ids: [late.id] }).expect(200);
    const reader = Program.run(process.execPath, [READER, `${node.wsUrl}/ws`, late.token]);
    try {
      await until('the reader is open', 10_000, () => reader.written.includes('open'));
      const before = await node.usage();
      await stage.fault(() => reader.child.kill('SIGSTOP'));
      const senders = scene.members.filter(({ dialect }) => dialect !== 'tribe');
      const load = scene.talk({ pause: [50, 200] });
      await Promise.all(
        senders.map(async (sender, index) => {
          for (let count = index; count < FLOOD; count += senders.length) {
            const name = `${stage.random.seed}/flood/${count}`;
            await scene.say(sender, conversation!, name, `${name} ${PADDING}`);
          }
        }),
      );
      const { resident } = await node.usage();
      stage.check(resident - before.resident < ROOM, `${node.name} grew from ${before.resident} to ${resident} bytes`);
      reader.child.kill('SIGCONT');
      stage.recovered(await load.flows(5_000));
      const said = await until('the reader is cut off', 20_000, () => /closed (\d+) (\d+)/.exec(reader.written));
      stage.check(said[1] === '1013', `the reader was closed with ${said[1]} after ${said[2]} messages`);
      await stage.finish(scene);
    } finally {
      await reader.end('SIGKILL');
    }
  },
};

/** Milliseconds. */
const HEARTBEAT = 1_000;

/** A client whose network is gone: nobody says so. */
export const halfOpenPeer: Scenario = {
  title: 'a peer that is gone without a word is forgotten on all nodes, and others are not',
  async play(stage) {
    const { first: node, second } = stage.cluster;
    await node.end('SIGTERM');
    await node.start({ HEARTBEAT_INTERVAL: `${HEARTBEAT}ms` });
    const scene = await stage.scene({ groups: 1, each: 1 });
    const load = scene.talk();
    const person = await register(node);
    const before = await until('the nodes agree', 5_000, async () => {
      const [here, there] = [await node.countClients(), await second.countClients()];
      return here === there && { count: here };
    });
    const line = await Line.to(node.port);
    try {
      const remote = { url: `http://127.0.0.1:${line.port}`, wsUrl: `ws://127.0.0.1:${line.port}` };
      const socket = await (await person.login(remote)).channels();
      await until('the peer is counted', 5_000, async () => (await second.countClients()) === before.count + 1);
      await stage.fault(() => line.silence());
      const from = performance.now();
      await until('the peer is forgotten', 10 * HEARTBEAT, async () => (await second.countClients()) === before.count);
      stage.recovered(performance.now() - from);
      stage.check((await node.countClients()) === before.count, 'the nodes do not agree who is connected');
      socket.raw.terminate();
    } finally {
      line.close();
    }
    await delay(2 * HEARTBEAT);
    const lines = scene.ledger.listeners.every(({ lines }) => lines.length === 1);
    stage.check(lines, 'others were cut off too');
    await load.flows(5_000);
    await stage.finish(scene);
    await node.end('SIGTERM');
    await node.start();
  },
};
