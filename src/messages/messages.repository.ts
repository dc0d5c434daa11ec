import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { PreparedStatements, type Statement } from '../database/prepared.js';
import type { ConversationRef, MessageState } from '../realtime/events.js';
import { MessageEntity } from './message.entity.js';
import {
  MESSAGE_COLUMNS,
  MESSAGE_TABLES,
  type MessageRow,
  type StoredMessage,
  toStoredMessage,
} from './message.row.js';
import type { MessageWindow } from './message-window.js';

/** A message's uuid or its number. */
export type MessageName = { readonly id: string } | { readonly number: number };

/** A message whose conversation no one else changes until the transaction ends. */
export interface LockedMessage {
  readonly conversation: ConversationRef;
  readonly lastOffset: number;
  readonly message: MessageState;
  /** Whether the one who asks takes part in the conversation. */
  readonly isParticipant: boolean;
}

/** A message after a change of it. */
export interface ChangedMessage {
  readonly conversation: ConversationRef;
  readonly offset: number;
  readonly message: MessageState;
}

/** Deletes, or edits: what is not given stays. */
export type MessageChange = { content: string; editedAt: Date } | { content: ''; deletedAt: Date };

type LockedRow = ConversationRef & { message_id: string; last_offset: number };

/** Messages, from the newest on, of which it is looked at each whether it counts as unread. */
const UNREAD_WINDOW = 10_000;

const MESSAGES = `SELECT ${MESSAGE_COLUMNS} FROM ${MESSAGE_TABLES}`;

const CHANGED_SINCE: Statement = {
  name: 'messages_changed_since',
  text: `${MESSAGES} WHERE m.conversation_id = $1 AND m.change_offset > $2::bigint ORDER BY m.change_offset LIMIT $3`,
};

const WINDOWS: Readonly<Record<MessageWindow['direction'], Statement>> = {
  before: {
    name: 'messages_before',
    text: `${MESSAGES} WHERE m.conversation_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`,
  },
  after: {
    name: 'messages_after',
    text: `${MESSAGES} WHERE m.conversation_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3`,
  },
};

@Injectable()
export class MessagesRepository {
  constructor(
    @InjectRepository(MessageEntity) private readonly messages: Repository<MessageEntity>,
    private readonly statements: PreparedStatements,
  ) {}

  /** @param id a uuid */
  async findById(id: string): Promise<StoredMessage | undefined> {
    const [row] = await this.messages.query<MessageRow[]>(`${MESSAGES} WHERE m.id = $1`, [id]);
    return row && toStoredMessage(row);
  }

  /** How many a conversation has, deleted ones too: they are numbered without gaps. */
  async count(conversationId: string): Promise<number> {
    const [row] = await this.messages.query<{ last_seq: number }[]>(
      `SELECT last_seq FROM conversations WHERE id = $1`,
      [conversationId],
    );
    return row?.last_seq ?? 0;
  }

  /** Those of a conversation next to `window.seq`, the nearest first. */
  async inWindow(conversationId: string, { direction, seq }: MessageWindow, count: number): Promise<StoredMessage[]> {
    const rows = await this.statements.execute<MessageRow>(WINDOWS[direction], [conversationId, seq, count]);
    return rows.map(toStoredMessage);
  }

  /** Those that were sent or changed after `offset`, by their last change. */
  async changedSince(conversationId: string, offset: number, count: number): Promise<StoredMessage[]> {
    const rows = await this.statements.execute<MessageRow>(CHANGED_SINCE, [conversationId, offset, count]);
    return rows.map(toStoredMessage);
  }

  /** The newest of each conversation, deleted or not. */
  async newestIn(conversationIds: readonly string[]): Promise<StoredMessage[]> {
    const rows = await this.messages.query<MessageRow[]>(
      `${MESSAGES} JOIN conversations c ON c.id = m.conversation_id AND c.last_seq = m.seq WHERE c.id = ANY($1::uuid[])`,
      [conversationIds],
    );
    return rows.map(toStoredMessage);
  }

  /**
   * How many messages of others a participant has not read, by conversation. Of what is older than the conversation's newest
   * {@link UNREAD_WINDOW} messages, one's own and deleted ones are counted too: who has never read a conversation of a
   * million does not have them looked at one by one whenever it is listed.
   */
  async countUnread(userId: string, conversationIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.messages.query<{ conversation_id: string; unread: number }[]>(
      `SELECT named.id AS conversation_id,
         (greatest(c.last_seq - p.last_read_seq - ${UNREAD_WINDOW}, 0) + newest.unread)::integer AS unread
       FROM unnest($2::uuid[]) AS named (id)
       CROSS JOIN LATERAL (
         SELECT last_read_seq FROM participants WHERE conversation_id = named.id AND user_id = $1 LIMIT 1
       ) AS p
       CROSS JOIN LATERAL (SELECT last_seq FROM conversations WHERE conversations.id = named.id LIMIT 1) AS c
       CROSS JOIN LATERAL (
         SELECT count(*) AS unread FROM messages
         WHERE conversation_id = named.id AND seq > greatest(p.last_read_seq, c.last_seq - ${UNREAD_WINDOW})
           AND sender_id <> $1 AND deleted_at IS NULL
       ) AS newest`,
      [userId, conversationIds],
    );
    return new Map(rows.map((row) => [row.conversation_id, row.unread]));
  }

  /** The message, its conversation locked; read after the lock, so that it is as the change before left it. */
  async lock(name: MessageName, userId: string, manager: EntityManager): Promise<LockedMessage | undefined> {
    const [column, value] = 'id' in name ? ['id', name.id] : ['number', name.number];
    const [place] = await manager.query<LockedRow[]>(
      `SELECT c.id, c.number, c.kind, c.slug, c.last_offset, m.id AS message_id
       FROM messages m JOIN conversations c ON c.id = m.conversation_id
       WHERE m.${column} = $1 FOR NO KEY UPDATE OF c`,
      [value],
    );
    if (!place) return undefined;
    const { message_id: messageId, last_offset: lastOffset, ...conversation } = place;
    const rows = await manager.query<(MessageRow & { is_participant: boolean })[]>(
      `SELECT ${MESSAGE_COLUMNS}, p.user_id IS NOT NULL AS is_participant
       FROM ${MESSAGE_TABLES}
       LEFT JOIN participants p ON p.conversation_id = m.conversation_id AND p.user_id = $2
       WHERE m.id = $1`,
      [messageId, userId],
    );
    const row = rows[0]!; // messages are never removed, and the conversation is locked
    return { conversation, lastOffset, message: toStoredMessage(row).message, isParticipant: row.is_participant };
  }

  /** Changes a locked message, at the conversation's next offset. */
  async change(
    { conversation, lastOffset, message }: LockedMessage,
    change: MessageChange,
    manager: EntityManager,
  ): Promise<ChangedMessage> {
    const offset = lastOffset + 1;
    await manager.query(`UPDATE conversations SET last_offset = $2 WHERE id = $1`, [conversation.id, offset]);
    await manager.update(MessageEntity, { id: message.id }, { ...change, changeOffset: offset });
    const times =
      'editedAt' in change
        ? { editedAt: change.editedAt.toISOString() }
        : { deletedAt: change.deletedAt.toISOString() };
    return { conversation, offset, message: { ...message, content: change.content, ...times } };
  }
}
