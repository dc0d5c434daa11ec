import type { Statement } from '../database/prepared.js';

/** What became of one message of a batch; neither inserted nor repeated means refused. */
export interface InsertRow {
  readonly number: number | null;
  readonly seq: number | null;
  readonly offset: number | null;
  /** Whether sending it made its sender a participant. */
  readonly joined: boolean;
  /** To whom it is addressed, by both names, if to anyone. */
  readonly receiverId: string | null;
  readonly receiverNumber: number | null;
  /** The message that its sender had already sent under the same client message id. */
  readonly repeatedId: string | null;
}

/**
 * A batch of messages as one transaction, and one turn to the server. The parameters are arrays, one a column, and the time;
 * the rows come in the order of the messages.
 *
 * Its conversations are locked first, in the order of their ids so that two batches never wait for each other, and seq and
 * offset go on from what the locked rows say: what a statement sees otherwise is as old as its start. So it may miss a
 * message just sent under the same client message id; then the unique index refuses the batch, which is to be run again.
 *
 * Every lookup is a lateral one by key: a plan that was made while a table was small stays right when it has grown.
 */
export const INSERT_MESSAGES: Statement = {
  name: 'insert_messages',
  text: `
    WITH input AS (
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::uuid[])
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
        last_activity_at = greatest(last_activity_at, $8::timestamptz)
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
        change_offset, change_offset, $8
      FROM accepted ORDER BY place
      RETURNING id, number
    )
    SELECT inserted.number, accepted.seq, accepted.change_offset AS "offset",
      joined.user_id IS NOT NULL AS joined, judged.receiver_id AS "receiverId",
      judged.receiver_number AS "receiverNumber", judged.repeated_id AS "repeatedId"
    FROM input
    LEFT JOIN judged USING (place)
    LEFT JOIN accepted USING (place)
    LEFT JOIN inserted ON inserted.id = input.id
    LEFT JOIN joined ON accepted.is_first_of_sender
      AND joined.conversation_id = accepted.conversation_id AND joined.user_id = accepted.sender_id
    ORDER BY place`,
};
