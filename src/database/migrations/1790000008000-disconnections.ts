import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an admin ends of a user's connections is in the journal, for the nodes that have not been told. */
export class Disconnections1790000008000 implements MigrationInterface {
  name = 'Disconnections1790000008000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE journal
        DROP CONSTRAINT journal_kind_check,
        ADD CONSTRAINT journal_kind_check CHECK (kind IN ('joined', 'left', 'login-ended', 'disconnected', 'user'));`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM journal WHERE kind = 'disconnected';
      ALTER TABLE journal
        DROP CONSTRAINT journal_kind_check,
        ADD CONSTRAINT journal_kind_check CHECK (kind IN ('joined', 'left', 'login-ended', 'user'));`);
  }
}
