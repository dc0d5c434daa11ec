import 'reflect-metadata';
import type { Additions } from './app.module.js';
import { processEnvironment } from './config/env.js';
import { DatabaseSettings, SETTINGS } from './config/settings.js';
import { openEmbedded } from './database/embedded/embedded.js';

/**
 * Runs the server, with what is added to it, until the process is told to stop; where it cannot be run, the process says
 * why in one line and exits with 1. The embedded database opens, in its thread, while the rest of the program is read.
 */
export async function start(additions: Additions = {}): Promise<void> {
  try {
    const env = processEnvironment();
    SETTINGS.forEach((Settings) => new Settings(env));
    const { url, dataDir } = new DatabaseSettings(env);
    if (!url) openEmbedded(dataDir).catch(() => {}); // a failure is told when the application asks for the database
    const { serve } = await import('./serve.js');
    await serve(additions);
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('\n', 1)[0]}\n`);
    process.exit(1);
  }
}
