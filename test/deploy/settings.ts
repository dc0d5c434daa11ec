import { Environment } from '../../src/config/env.js';
import { SETTINGS } from '../../src/config/settings.js';

/**
 * Reads an environment as a node would.
 *
 * @returns the names in it that are no settings
 * @throws {SettingError} when a node would not start with it
 */
export function unknownSettings(values: Readonly<Record<string, string>>): string[] {
  const env = new Environment({ NODE_ENV: 'production', ...values });
  for (const Settings of SETTINGS) Reflect.construct(Settings, [env]);
  return Object.keys(values).filter((name) => !env.known.has(name));
}
