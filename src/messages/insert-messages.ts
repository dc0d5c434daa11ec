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
 * the rows come in the order of the messages. What it does is in the function, which a migration defines
 * (`1790000011000-insert-messages.ts`): a change of it is a migration that replaces the function.
 */
export const INSERT_MESSAGES: Statement = {
  name: 'insert_messages',
  text: `
    SELECT number, seq, change_offset AS "offset", joined, receiver_id AS "receiverId", receiver_number AS "receiverNumber",
      repeated_id AS "repeatedId"
    FROM insert_messages($1, $2, $3, $4, $5, $6, $7, $8)`,
};
