import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Conversations about a pet. */
export class Consultations1790000005000 implements MigrationInterface {
  name = 'Consultations1790000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE conversations
        ADD COLUMN pet_id uuid REFERENCES pets,
        ADD CHECK ((kind = 'consultation') = (pet_id IS NOT NULL))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE conversations DROP COLUMN pet_id`);
  }
}
