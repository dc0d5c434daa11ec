import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A journal of changes of users' standing, kept by triggers, so that none is made without an entry, whoever makes it: a
 * node that has not heard of one reads of it here.
 */
export class Journal1790000006000 implements MigrationInterface {
  name = 'Journal1790000006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE installation (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid()
      );
      INSERT INTO installation DEFAULT VALUES;

      ALTER TABLE participants ADD COLUMN joined_offset integer NOT NULL DEFAULT 0;

      CREATE TABLE journal (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        kind text NOT NULL CHECK (kind IN ('joined', 'left', 'login-ended', 'user')),
        user_id uuid NOT NULL,
        conversation_id uuid,
        joined_offset integer,
        login_id uuid
      );
      CREATE INDEX journal_at ON journal (at);

      CREATE FUNCTION journal_participation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' THEN
          INSERT INTO journal (kind, user_id, conversation_id) VALUES ('left', OLD.user_id, OLD.conversation_id);
        ELSE
          INSERT INTO journal (kind, user_id, conversation_id, joined_offset)
          VALUES ('joined', NEW.user_id, NEW.conversation_id, NEW.joined_offset);
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER journal_participation AFTER INSERT OR DELETE ON participants
        FOR EACH ROW EXECUTE FUNCTION journal_participation();

      CREATE FUNCTION journal_login() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO journal (kind, user_id, login_id) VALUES ('login-ended', NEW.user_id, NEW.id);
        RETURN NULL;
      END $$;
      CREATE TRIGGER journal_login AFTER UPDATE OF ended_at ON logins
        FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION journal_login();

      CREATE FUNCTION journal_user() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO journal (kind, user_id) VALUES ('user', NEW.id);
        RETURN NULL;
      END $$;
      CREATE TRIGGER journal_user AFTER UPDATE ON users
        FOR EACH ROW WHEN (
          (OLD.username, OLD.full_name, OLD.profile_image_url, OLD.email, OLD.role, OLD.disabled_at) IS DISTINCT FROM
          (NEW.username, NEW.full_name, NEW.profile_image_url, NEW.email, NEW.role, NEW.disabled_at)
        ) EXECUTE FUNCTION journal_user();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER journal_user ON users;
      DROP TRIGGER journal_login ON logins;
      DROP TRIGGER journal_participation ON participants;
      DROP FUNCTION journal_user, journal_login, journal_participation;
      DROP TABLE journal, installation;
      ALTER TABLE participants DROP COLUMN joined_offset;`);
  }
}
