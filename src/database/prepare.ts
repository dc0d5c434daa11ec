import { DataSource } from 'typeorm';
import type { DatabaseSettings } from '../config/settings.js';
import type { DatabaseConnection } from './connection.js';
import { assertDurable } from './durability.js';
import { migrate } from './migrate.js';

/**
 * Makes a database fit to be served from: one that keeps what it commits, its schema up to date. Without the bounds of
 * requests, since a migration may take its time, and so may another node's that is waited for.
 *
 * @throws {SettingError} when the server may lose commits and the settings do not accept that.
 */
export async function prepareDatabase(
  { unhurried }: DatabaseConnection,
  { durability }: DatabaseSettings,
): Promise<void> {
  const dataSource = await new DataSource(unhurried).initialize();
  try {
    if (durability === 'required') await assertDurable(dataSource);
    await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
