import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often clients used each dialect, and the ways that are to be left: sums of a day, of all nodes. */
export class Usage1790000009000 implements MigrationInterface {
  name = 'Usage1790000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE usage (
        day date NOT NULL,
        dialect text NOT NULL,
        client text NOT NULL,
        what text NOT NULL,
        count bigint NOT NULL,
        PRIMARY KEY (day, dialect, client, what)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE usage;`);
  }
}
