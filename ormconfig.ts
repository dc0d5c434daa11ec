import { DataSource } from 'typeorm';
import { processEnvironment } from './src/config/env.js';
import { DatabaseSettings } from './src/config/settings.js';
import { DatabaseConnection } from './src/database/connection.js';

// For TypeORM's command line, as in `npm run typeorm -- migration:show`: the database that the settings name, also while
// a server runs on it. Without entities, since the migrations are written by hand and the server itself runs them.
const connection = await DatabaseConnection.join(new DatabaseSettings(processEnvironment()));

/** Lets go of the embedded database with the data source: the process would not end otherwise. */
class CommandLineDataSource extends DataSource {
  override async destroy(): Promise<void> {
    await super.destroy();
    await connection.release();
  }
}

export default new CommandLineDataSource(connection.unhurried);
