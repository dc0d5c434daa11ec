import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What messages refer to is looked up by the statement that stores them (`insert_messages`), and for each of them once more by
 * three foreign keys, which was a third of what PostgreSQL does for a message. What remains of the keys is the other half:
 * nobody deletes what a message refers to, which the service never does.
 */
export class References1790000010000 implements MigrationInterface {
  name = 'References1790000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE messages
        DROP CONSTRAINT messages_conversation_id_fkey,
        DROP CONSTRAINT messages_sender_id_fkey,
        DROP CONSTRAINT messages_receiver_id_fkey;

      CREATE FUNCTION keep_conversation_of_messages() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM messages WHERE conversation_id = OLD.id) THEN
          RAISE foreign_key_violation USING MESSAGE = format('conversation %s has messages', OLD.id), TABLE = 'messages';
        END IF;
        RETURN OLD;
      END $$;
      CREATE TRIGGER keep_conversation_of_messages BEFORE DELETE ON conversations
        FOR EACH ROW EXECUTE FUNCTION keep_conversation_of_messages();

      CREATE FUNCTION keep_user_of_messages() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM messages WHERE sender_id = OLD.id OR receiver_id = OLD.id) THEN
          RAISE foreign_key_violation USING MESSAGE = format('user %s has messages', OLD.id), TABLE = 'messages';
        END IF;
        RETURN OLD;
      END $$;
      CREATE TRIGGER keep_user_of_messages BEFORE DELETE ON users
        FOR EACH ROW EXECUTE FUNCTION keep_user_of_messages();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER keep_user_of_messages ON users;
      DROP TRIGGER keep_conversation_of_messages ON conversations;
      DROP FUNCTION keep_user_of_messages();
      DROP FUNCTION keep_conversation_of_messages();
      ALTER TABLE messages
        ADD CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations,
        ADD CONSTRAINT messages_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES users,
        ADD CONSTRAINT messages_receiver_id_fkey FOREIGN KEY (receiver_id) REFERENCES users;`);
  }
}
