import type { Conversation } from './ledger.js';
import type { OwnPostgres } from './own-postgres.js';

/** A message as the database has it. */
export interface StoredMessage {
  readonly id: string;
  readonly number: number;
  readonly seq: number;
  readonly senderId: string;
  readonly content: string;
  readonly clientMessageId: string | null;
  readonly createdOffset: number;
  readonly changeOffset: number;
}

/** A conversation as the database has it. */
export interface StoredConversation {
  readonly id: string;
  readonly lastSeq: number;
  readonly lastOffset: number;
  readonly messages: readonly StoredMessage[];
}

/** What the database has of some conversations, past the server. */
export async function readStored(
  postgres: OwnPostgres,
  conversations: readonly Conversation[],
): Promise<StoredConversation[]> {
  const ids = conversations.map(({ id }) => id);
  const rows = await postgres.query<Omit<StoredConversation, 'messages'>>(
    `SELECT id, last_seq AS "lastSeq", last_offset AS "lastOffset" FROM conversations WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  const messages = await postgres.query<StoredMessage & { conversationId: string }>(
    `SELECT conversation_id AS "conversationId", id, number, seq, sender_id AS "senderId", content,
       client_message_id AS "clientMessageId", created_offset AS "createdOffset", change_offset AS "changeOffset"
     FROM messages WHERE conversation_id = ANY($1::uuid[]) ORDER BY seq`,
    [ids],
  );
  return rows.map((row) => ({ ...row, messages: messages.filter(({ conversationId }) => conversationId === row.id) }));
}
