import type { DataSource } from 'typeorm';
import { SettingError } from '../config/env.js';

/**
 * Makes sure that what the database says it has committed survives a crash: an acknowledgement is a promise. Asked of the
 * server as this program's sessions have it, also where a role or a database has a setting of its own.
 *
 * @throws {SettingError} when the server does not flush its log before it answers, or cannot be sure of its pages after.
 */
export async function assertDurable(dataSource: DataSource): Promise<void> {
  const rows = await dataSource.query<{ name: string }[]>(
    `SELECT name FROM unnest($1::text[]) AS name WHERE current_setting(name) = 'off'`,
    [['fsync', 'synchronous_commit', 'full_page_writes']],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name).join(', ');
  throw new SettingError(
    'DATABASE_URL',
    `names a server that may lose commits in a crash: it has ${names} off (DATABASE_DURABILITY=relaxed accepts that)`,
  );
}
