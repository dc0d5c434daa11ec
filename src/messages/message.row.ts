import type { MessageState, Receiver } from '../realtime/events.js';

/** A message as it stands, with its places among its conversation's changes. */
export interface StoredMessage {
  readonly conversationId: string;
  /** Of its being sent. */
  readonly createdOffset: number;
  /** Of its last change. */
  readonly changeOffset: number;
  readonly message: MessageState;
}

/** What {@link toStoredMessage} reads, of {@link MESSAGE_TABLES}. */
export const MESSAGE_COLUMNS = `
  m.id, m.number, m.conversation_id, m.seq, m.content, m.message_type, m.client_message_id, m.created_offset,
  m.change_offset, m.created_at, m.edited_at, m.deleted_at, u.id AS sender_id, u.number AS sender_number,
  u.username AS sender_username, u.full_name AS sender_full_name, u.profile_image_url AS sender_profile_image_url,
  u.email AS sender_email, r.id AS receiver_id, r.number AS receiver_number,
  CASE WHEN reading.last_read_seq >= m.seq THEN reading.read_at END AS receiver_read_at`;

/**
 * A message `m`, its sender `u`, its receiver `r`, and how far the receiver has read: a lookup by key for each message, since
 * a plan for any conversation would otherwise read all its participants, however many.
 */
export const MESSAGE_TABLES = `
  messages m JOIN users u ON u.id = m.sender_id
  LEFT JOIN users r ON r.id = m.receiver_id
  LEFT JOIN LATERAL (
    SELECT last_read_seq, read_at FROM participants
    WHERE participants.conversation_id = m.conversation_id AND participants.user_id = m.receiver_id LIMIT 1
  ) AS reading ON true`;

export interface MessageRow {
  readonly id: string;
  readonly number: number;
  readonly conversation_id: string;
  readonly seq: number;
  readonly content: string;
  readonly message_type: string;
  readonly client_message_id: string | null;
  readonly created_offset: number;
  readonly change_offset: number;
  readonly created_at: Date;
  readonly edited_at: Date | null;
  readonly deleted_at: Date | null;
  readonly sender_id: string;
  readonly sender_number: number;
  readonly sender_username: string;
  readonly sender_full_name: string;
  readonly sender_profile_image_url: string | null;
  readonly sender_email: string;
  readonly receiver_id: string | null;
  readonly receiver_number: number | null;
  readonly receiver_read_at: Date | null;
}

export function toStoredMessage(row: MessageRow): StoredMessage {
  return {
    conversationId: row.conversation_id,
    createdOffset: row.created_offset,
    changeOffset: row.change_offset,
    message: {
      id: row.id,
      number: row.number,
      seq: row.seq,
      sender: {
        id: row.sender_id,
        number: row.sender_number,
        username: row.sender_username,
        fullName: row.sender_full_name,
        profileImageUrl: row.sender_profile_image_url,
        email: row.sender_email,
      },
      receiver: receiverOf(row),
      content: row.content,
      messageType: row.message_type,
      clientMessageId: row.client_message_id,
      createdAt: row.created_at.toISOString(),
      editedAt: row.edited_at?.toISOString() ?? null,
      deletedAt: row.deleted_at?.toISOString() ?? null,
    },
  };
}

function receiverOf({
  receiver_id: id,
  receiver_number: number,
  receiver_read_at: readAt,
}: MessageRow): Receiver | null {
  return id === null || number === null ? null : { id, number, readAt: readAt?.toISOString() ?? null };
}
