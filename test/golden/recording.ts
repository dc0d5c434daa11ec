import { PASSWORD } from '../../src/testing/person.js';
import { readFile, writeFile } from 'node:fs/promises';
import { Recorder } from '../../scripts/record/recorder.js';
import { Scribe } from '../../scripts/record/scribe.js';
import type { Target } from '../../scripts/replay/stage.js';
import { registerAdmin } from '../../src/testing/admin.js';
import type { TestServer } from '../../src/testing/application.js';
import type { Scene } from './scenes/scene.js';

/** Records a scene into a new file; what is said in it is a document's. */
export async function record(scene: Scene, server: TestServer, file: string): Promise<void> {
  const scribe = await Scribe.begin(file, server.url, { keepTexts: true });
  const recorder = await Recorder.start(scribe, { to: server.url, port: 0 });
  try {
    await scene.play(server, { url: recorder.url, wsUrl: recorder.url.replace('http', 'ws') });
  } finally {
    await recorder.close();
  }
  if (!scene.revise) return;
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  await writeFile(file, `${scene.revise(lines).join('\n')}\n`);
}

/** A server of a test, as a place to play recordings. */
export function targetOf(server: TestServer): Target {
  return {
    url: server.url,
    async signInAdmin() {
      const { email } = await registerAdmin(server);
      return { email, password: PASSWORD };
    },
  };
}
