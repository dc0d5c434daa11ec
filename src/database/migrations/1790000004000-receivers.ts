import type { MigrationInterface, QueryRunner } from 'typeorm';

/** To whom messages are addressed: in direct conversations the other one, elsewhere whom the sender named. */
export class Receivers1790000004000 implements MigrationInterface {
  name = 'Receivers1790000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE messages ADD COLUMN receiver_id uuid REFERENCES users`);
    await runner.query(`
      UPDATE messages SET receiver_id = participants.user_id
      FROM conversations, participants
      WHERE conversations.id = messages.conversation_id AND conversations.kind = 'direct'
        AND participants.conversation_id = conversations.id AND participants.user_id <> messages.sender_id`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE messages DROP COLUMN receiver_id`);
  }
}
