import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is asked in conversations. */
export class Polls1800000000000 implements MigrationInterface {
  name = 'Polls1800000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE polls (
        id uuid PRIMARY KEY,
        conversation_id uuid NOT NULL REFERENCES conversations,
        opened_by uuid NOT NULL REFERENCES users,
        question text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX polls_conversation_id ON polls (conversation_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE polls`);
  }
}
