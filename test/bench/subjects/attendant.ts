import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';

/**
 * Runs inside every server under test before everything else (`node --import`), and does nothing until the benchmark asks:
 * what memory is in use when all garbage is gone, or where the time goes.
 */
const session = new Session();

const orders: Record<string, (file: string) => Promise<unknown>> = {
  async memory() {
    for (let round = 0; round < 4; round++) {
      gc!();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return process.memoryUsage();
  },
  async profile() {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
  },
  async profiled(file) {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    await writeFile(file, JSON.stringify(profile));
  },
};

process.on('message', ({ order, file }: { order: string; file: string }) => {
  void orders[order]!(file).then((answer) => process.send!(answer ?? {}));
});
process.channel?.unref();
