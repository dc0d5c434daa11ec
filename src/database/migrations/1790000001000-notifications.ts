import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What users are told of; of the messages of one conversation, once until they have read it. */
export class Notifications1790000001000 implements MigrationInterface {
  name = 'Notifications1790000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notifications (
        id uuid PRIMARY KEY,
        number integer GENERATED ALWAYS AS IDENTITY UNIQUE,
        user_id uuid NOT NULL REFERENCES users,
        type text NOT NULL,
        title text NOT NULL,
        message text NOT NULL,
        link text,
        conversation_id uuid REFERENCES conversations,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        read_at timestamptz(3)
      )`);
    await runner.query(`CREATE INDEX notifications_user_id ON notifications (user_id, id)`);
    await runner.query(`CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL`);
    await runner.query(`
      CREATE UNIQUE INDEX notifications_unread_message ON notifications (user_id, conversation_id)
      WHERE type = 'message' AND read_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE notifications`);
  }
}
