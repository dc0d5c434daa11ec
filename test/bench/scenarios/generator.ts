import { Client } from '../generator/client.js';
import type { Entry, ScenarioMaker } from '../scenario.js';
import { relay } from '../speech.js';

/** What a client hears besides its messages does not matter here. */
const REQUEST = { path: '/' };

/** How much the generator hears of a server that does nothing but send: no other can send more. */
export const generator: ScenarioMaker = (size) => {
  const clients = size.smoke ? 10 : 1_000;
  const entry = (joined: number): Entry => {
    const perSecond = joined > 1 ? 2_000_000 : 250_000;
    const each = Math.max(1, Math.round((perSecond * size.seconds) / clients / joined)) * joined;
    const count = size.smoke ? joined * 4 : each;
    return {
      name: `bare-sender:${joined}`,
      subject: 'bare-sender',
      async measure(subject) {
        const { addresses } = subject;
        const open = (_: unknown, index: number): Promise<Client> =>
          Client.open(addresses[index % addresses.length]!, REQUEST, relay);
        const listeners = await Promise.all(Array.from({ length: clients }, open));
        let missing = clients * count;
        const heard = new Promise<void>((resolve) => {
          for (const listener of listeners) {
            listener.whenHeard = (messages) => {
              missing -= messages;
              if (missing <= 0) resolve();
            };
          }
        });
        const [cpu, own, from] = [subject.cpu.server, process.cpuUsage(), performance.now()];
        for (const listener of listeners) listener.send(JSON.stringify({ count, joined }));
        await heard;
        const time = performance.now() - from;
        const used = process.cpuUsage(own);
        const busy = subject.cpu.server - cpu;
        await Promise.all(listeners.map((listener) => listener.fence()));
        const wrong = listeners.find((listener) => listener.heard !== count || listener.problem !== undefined);
        for (const listener of listeners) listener.close();
        if (wrong) throw new Error(`a client heard ${wrong.heard} frames, not ${count}: ${wrong.problem ?? ''}`);
        return {
          value: (clients * count * 1000) / time,
          'server %': Math.round((busy / time) * 100),
          'generator %': Math.round((used.user + used.system) / time / 10),
        };
      },
    };
  };
  return {
    name: 'generator',
    title: 'what the generator hears of a bare sender, frames of 250 bytes written one by one, or joined',
    unit: 'deliveries/s',
    shape: { clients },
    entries: [entry(1), entry(16), entry(64)],
    comparisons: [],
  };
};
