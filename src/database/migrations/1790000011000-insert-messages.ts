import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The statement that stores messages, as a function: its plan is made once a session. PostgreSQL made it anew for each small
 * batch, which took it as long as all else, since it believes a plan for any batch to be dearer than one for a single message.
 * That plan is right for every batch, of one message or a thousand, and stays right when tables that were empty have grown:
 * every lookup is a lateral one by key, and sequential scans are off.
 *
 * Its conversations are locked first, in the order of their ids so that two batches never wait for each other, and seq and
 * offset go on from what the locked rows say: what a statement sees otherwise is as old as its start. So it may miss a
 * message just sent under the same client message id; then the unique index refuses the batch, which is to be run again.
 */
export class InsertMessages1790000011000 implements MigrationInterface {
  name = 'InsertMessages1790000011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION insert_messages(
        ids uuid[], conversation_ids uuid[], sender_ids uuid[], contents text[], message_types text[],
        client_message_ids text[], addressee_ids uuid[], sent_at timestamptz
      )
      RETURNS TABLE (
        number integer, seq integer, change_offset integer, joined boolean, receiver_id uuid, receiver_number integer,
        repeated_id uuid
      )
      LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
      #variable_conflict use_column
      BEGIN
        RETURN QUERY
          WITH input AS (
            SELECT * FROM unnest(ids, conversation_ids, sender_ids, contents, message_types, client_message_ids, addressee_ids)
              WITH ORDINALITY
              AS input (id, conversation_id, sender_id, content, message_type, client_message_id, addressee_id, place)
          ),
          locked AS (
            SELECT conversation.*
            FROM (SELECT DISTINCT conversation_id AS id FROM input ORDER BY conversation_id) AS named
            CROSS JOIN LATERAL (
              SELECT id, kind, direct_key, last_seq, last_offset
              FROM conversations WHERE conversations.id = named.id FOR NO KEY UPDATE
            ) AS conversation
          ),
          judged AS (
            SELECT input.*, locked.last_seq, locked.last_offset, repeated.id AS repeated_id,
              receiver.id AS receiver_id, receiver.number AS receiver_number, participant.user_id IS NULL AS is_newcomer,
              repeated.id IS NULL AND sender.id IS NOT NULL AND (participant.user_id IS NOT NULL OR locked.kind = 'channel')
                AS is_accepted
            FROM input
            JOIN locked ON locked.id = input.conversation_id
            LEFT JOIN LATERAL (
              SELECT id FROM users WHERE users.id = input.sender_id AND disabled_at IS NULL LIMIT 1
            ) AS sender ON true
            LEFT JOIN LATERAL (
              SELECT user_id FROM participants
              WHERE participants.conversation_id = input.conversation_id AND participants.user_id = input.sender_id LIMIT 1
            ) AS participant ON true
            LEFT JOIN LATERAL (
              SELECT id FROM messages
              WHERE messages.sender_id = input.sender_id AND messages.client_message_id = input.client_message_id LIMIT 1
            ) AS repeated ON true
            LEFT JOIN LATERAL (
              SELECT id, number FROM users
              WHERE users.id = CASE
                WHEN locked.kind <> 'direct' THEN input.addressee_id
                WHEN split_part(direct_key, ':', 1) <> input.sender_id::text THEN split_part(direct_key, ':', 1)::uuid
                ELSE split_part(direct_key, ':', 2)::uuid
              END LIMIT 1
            ) AS receiver ON true
          ),
          accepted AS (
            SELECT *, last_seq + nth AS seq, last_offset + nth AS change_offset
            FROM (
              SELECT *,
                row_number() OVER (PARTITION BY conversation_id ORDER BY place)::integer AS nth,
                row_number() OVER (PARTITION BY conversation_id, sender_id ORDER BY place) = 1 AS is_first_of_sender
              FROM judged WHERE is_accepted
            ) AS counted
          ),
          advanced AS (
            UPDATE conversations
            SET last_seq = newest.seq, last_offset = newest.change_offset,
              last_activity_at = greatest(last_activity_at, sent_at)
            FROM (
              SELECT conversation_id, max(seq) AS seq, max(change_offset) AS change_offset FROM accepted GROUP BY conversation_id
            ) AS newest
            WHERE conversations.id = newest.conversation_id
          ),
          joined AS (
            INSERT INTO participants (conversation_id, user_id, joined_offset)
            SELECT conversation_id, sender_id, change_offset - 1 FROM accepted WHERE is_newcomer AND is_first_of_sender
            ON CONFLICT DO NOTHING
            RETURNING conversation_id, user_id
          ),
          inserted AS (
            INSERT INTO messages (id, conversation_id, seq, sender_id, receiver_id, content, message_type, client_message_id,
              created_offset, change_offset, created_at)
            SELECT id, conversation_id, seq, sender_id, receiver_id, content, message_type, client_message_id,
              change_offset, change_offset, sent_at
            FROM accepted ORDER BY place
            RETURNING id, number
          )
          SELECT inserted.number, accepted.seq, accepted.change_offset,
            joined.user_id IS NOT NULL, judged.receiver_id, judged.receiver_number, judged.repeated_id
          FROM input
          LEFT JOIN judged USING (place)
          LEFT JOIN accepted USING (place)
          LEFT JOIN inserted ON inserted.id = input.id
          LEFT JOIN joined ON accepted.is_first_of_sender
            AND joined.conversation_id = accepted.conversation_id AND joined.user_id = accepted.sender_id
          ORDER BY place;
      END $$;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION insert_messages;`);
  }
}
