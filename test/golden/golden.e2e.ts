import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecording } from '../../scripts/record/recording.js';
import { play } from '../../scripts/replay/player.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { record, targetOf } from './recording.js';
import { channels } from './scenes/channels.js';
import { dashboard } from './scenes/dashboard.js';
import { flat } from './scenes/flat.js';
import { pets } from './scenes/pets.js';
import { socketio } from './scenes/socketio.js';
import { tribe } from './scenes/tribe.js';

const GOLDEN = fileURLToPath(new URL('.', import.meta.url));
const SCENES = [flat, dashboard, socketio, tribe, channels, pets];

/** Milliseconds for what goes through a whole session, with waits for who has left. */
const PATIENCE = 60_000;

describe.each(SCENES)('The golden session of $name', (scene) => {
  const file = join(GOLDEN, `${scene.name}.jsonl`);
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
    if (process.env.UPDATE_GOLDEN !== '1') return;
    await rm(file, { force: true });
    await record(scene, server, file);
  });
  afterAll(() => server.close());

  it('plays as it was recorded', { timeout: PATIENCE }, async () => {
    expect(existsSync(file), 'run it with UPDATE_GOLDEN=1').toBe(true);
    expect(await play(await readRecording(file), targetOf(server))).toEqual([]);
  });

  it('plays as it is recorded now', { timeout: PATIENCE }, async () => {
    const now = join(await temporaryDirectory(), 'now.jsonl');
    await record(scene, server, now);
    expect(await play(await readRecording(now), targetOf(server))).toEqual([]);
  });
});
