import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The animals that clients ask providers about. */
export class Pets1790000003000 implements MigrationInterface {
  name = 'Pets1790000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE pets (
        id uuid PRIMARY KEY,
        owner_id uuid NOT NULL REFERENCES users,
        name text NOT NULL,
        species text,
        breed text,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX pets_owner_id ON pets (owner_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE pets`);
  }
}
