import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users and their logins; conversations, who takes part in them, and their messages. */
export class Foundation1790000000000 implements MigrationInterface {
  name = 'Foundation1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY,
        number integer GENERATED ALWAYS AS IDENTITY UNIQUE,
        email text NOT NULL UNIQUE CHECK (email = lower(email)),
        username text NOT NULL,
        full_name text NOT NULL,
        profile_image_url text,
        role text NOT NULL,
        password_hash text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        disabled_at timestamptz(3)
      )`);
    await runner.query(`CREATE INDEX users_username ON users (lower(username) text_pattern_ops)`);
    await runner.query(`CREATE INDEX users_full_name ON users (lower(full_name) text_pattern_ops)`);
    await runner.query(`
      CREATE TABLE logins (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        ended_at timestamptz(3)
      )`);
    await runner.query(`CREATE INDEX logins_user_id ON logins (user_id)`);
    await runner.query(`
      CREATE TABLE refresh_tokens (
        hash bytea PRIMARY KEY,
        login_id uuid NOT NULL REFERENCES logins ON DELETE CASCADE,
        expires_at timestamptz(3) NOT NULL,
        spent_at timestamptz(3)
      )`);
    await runner.query(`CREATE INDEX refresh_tokens_login_id ON refresh_tokens (login_id)`);
    await runner.query(`CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at)`);
    // Every message moves its conversation's counters on: room on the page keeps those updates out of the indexes.
    await runner.query(`
      CREATE TABLE conversations (
        id uuid PRIMARY KEY,
        number integer GENERATED ALWAYS AS IDENTITY UNIQUE,
        kind text NOT NULL CHECK (kind IN ('direct', 'group', 'channel', 'consultation')),
        slug text UNIQUE,
        direct_key text UNIQUE,
        title text,
        created_by uuid NOT NULL REFERENCES users,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        last_activity_at timestamptz(3) NOT NULL DEFAULT now(),
        last_seq integer NOT NULL DEFAULT 0,
        last_offset integer NOT NULL DEFAULT 0,
        CHECK ((kind = 'channel') = (slug IS NOT NULL)),
        CHECK ((kind = 'direct') = (direct_key IS NOT NULL))
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      CREATE TABLE participants (
        conversation_id uuid NOT NULL REFERENCES conversations,
        user_id uuid NOT NULL REFERENCES users,
        joined_at timestamptz(3) NOT NULL DEFAULT now(),
        last_read_seq integer NOT NULL DEFAULT 0,
        read_at timestamptz(3),
        PRIMARY KEY (conversation_id, user_id)
      )`);
    await runner.query(`CREATE INDEX participants_user_id ON participants (user_id)`);
    await runner.query(`
      CREATE TABLE messages (
        id uuid PRIMARY KEY,
        number integer GENERATED ALWAYS AS IDENTITY UNIQUE,
        conversation_id uuid NOT NULL REFERENCES conversations,
        seq integer NOT NULL,
        sender_id uuid NOT NULL REFERENCES users,
        content text NOT NULL,
        message_type text NOT NULL,
        client_message_id text,
        created_offset integer NOT NULL,
        change_offset integer NOT NULL,
        created_at timestamptz(3) NOT NULL,
        edited_at timestamptz(3),
        deleted_at timestamptz(3),
        UNIQUE (conversation_id, seq)
      )`);
    await runner.query(`CREATE UNIQUE INDEX messages_change ON messages (conversation_id, change_offset)`);
    await runner.query(`
      CREATE UNIQUE INDEX messages_client_message_id ON messages (sender_id, client_message_id)
      WHERE client_message_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE messages, participants, conversations, refresh_tokens, logins, users`);
  }
}
