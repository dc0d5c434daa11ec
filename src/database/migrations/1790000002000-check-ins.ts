import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Event sessions, and every attempt to check in to one; of a person's, one succeeds. */
export class CheckIns1790000002000 implements MigrationInterface {
  name = 'CheckIns1790000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event_sessions (
        id uuid PRIMARY KEY,
        title text NOT NULL,
        host_id uuid NOT NULL REFERENCES users,
        dashboard_access text NOT NULL CHECK (dashboard_access IN ('public', 'host')),
        starts_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE check_ins (
        id uuid PRIMARY KEY,
        session_id uuid NOT NULL REFERENCES event_sessions,
        user_id uuid NOT NULL REFERENCES users,
        success boolean NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE UNIQUE INDEX check_ins_once ON check_ins (session_id, user_id) WHERE success`);
    await runner.query(`CREATE INDEX check_ins_created_at ON check_ins (session_id, created_at, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE check_ins, event_sessions`);
  }
}
