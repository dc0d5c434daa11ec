import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { ConversationSummary } from '../realtime/events.js';
import { ConversationEntity } from './conversation.entity.js';

/** By whom the conversations of a list were created. */
export type Creator = 'oneself' | 'others' | 'anyone';

type SummaryRow = Omit<ConversationSummary, 'lastActivityAt'> & { readonly lastActivityAt: Date };

const MOST_INVITED = 100;

const SUMMARIES = `
  SELECT c.id, c.created_by AS "createdBy", c.pet_id AS "petId", c.last_activity_at AS "lastActivityAt",
    coalesce(m.content, '') AS "lastMessage",
    ARRAY(
      SELECT user_id FROM participants WHERE conversation_id = c.id AND user_id <> c.created_by
      ORDER BY joined_at, user_id LIMIT ${MOST_INVITED}
    ) AS "invitedIds"
  FROM conversations c LEFT JOIN messages m ON m.conversation_id = c.id AND m.seq = c.last_seq`;

/** Conversations in short: a whole list in one statement. */
@Injectable()
export class ConversationSummariesRepository {
  constructor(@InjectRepository(ConversationEntity) private readonly conversations: Repository<ConversationEntity>) {}

  /** Those in which a user takes part and which `creator` has created, the last active first, at most `count`. */
  async listOf(userId: string, creator: Creator, count: number): Promise<ConversationSummary[]> {
    const rows = await this.conversations.query<SummaryRow[]>(
      `${SUMMARIES} JOIN participants p ON p.conversation_id = c.id
       WHERE p.user_id = $1 AND ($2 = 'anyone' OR (c.created_by = $1) = ($2 = 'oneself'))
       ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $3`,
      [userId, creator, count],
    );
    return rows.map(toSummary);
  }

  async get(id: string): Promise<ConversationSummary> {
    const [row] = await this.conversations.query<SummaryRow[]>(`${SUMMARIES} WHERE c.id = $1`, [id]);
    return toSummary(row!); // conversations are never removed
  }
}

function toSummary({ lastActivityAt, ...row }: SummaryRow): ConversationSummary {
  return { ...row, lastActivityAt: lastActivityAt.toISOString() };
}
