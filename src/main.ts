import 'reflect-metadata';
import { processEnvironment } from './config/env.js';
import { DatabaseSettings, SETTINGS } from './config/settings.js';
import { openEmbedded } from './database/embedded/embedded.js';

/** Starts the server: the embedded database opens, in its thread, while the rest of the program is still being read. */
async function start(): Promise<void> {
  const env = processEnvironment();
  SETTINGS.forEach((Settings) => new Settings(env));
  const { url, dataDir } = new DatabaseSettings(env);
  if (!url) openEmbedded(dataDir).catch(() => {}); // a failure is told when the application asks for the database
  const { serve } = await import('./serve.js');
  await serve();
}

start().catch((error: Error) => {
  process.stderr.write(`${error.message.split('\n', 1)[0]}\n`);
  process.exit(1);
});
