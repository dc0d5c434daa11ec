import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes that answer the hot queries by themselves (docs/adr/0014-postgresql.md has the plans). */
export class Paths1790000007000 implements MigrationInterface {
  name = 'Paths1790000007000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE messages
        DROP CONSTRAINT messages_conversation_id_seq_key,
        ADD CONSTRAINT messages_seq UNIQUE (conversation_id, seq) INCLUDE (sender_id, deleted_at);
      CREATE INDEX participants_user ON participants (user_id, conversation_id);
      DROP INDEX participants_user_id;
      CREATE INDEX participants_joined ON participants (conversation_id, joined_at, user_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX participants_joined;
      CREATE INDEX participants_user_id ON participants (user_id);
      DROP INDEX participants_user;
      ALTER TABLE messages
        DROP CONSTRAINT messages_seq,
        ADD CONSTRAINT messages_conversation_id_seq_key UNIQUE (conversation_id, seq);`);
  }
}
