import { type DataSource, MigrationExecutor } from 'typeorm';

const LOCK = 7_276_001; // any number that is ours: nodes that start together migrate one after the other

/** Brings the schema up to date, each migration wholly or not at all, while other nodes that start wait. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.connect();
    await runner.query(`SELECT pg_advisory_lock(${LOCK})`);
    try {
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'each';
      await executor.executePendingMigrations();
    } finally {
      await runner.query(`SELECT pg_advisory_unlock(${LOCK})`);
    }
  } finally {
    await runner.release();
  }
}
