import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository, type SelectQueryBuilder } from 'typeorm';
import { isUuid, toNumber } from '../common/ids.js';
import type { ConversationRef } from '../realtime/events.js';
import type { ConversationName } from '../realtime/ports.js';
import { ConversationEntity, toConversationRef } from './conversation.entity.js';
import { ParticipantEntity } from './participant.entity.js';

export type NewConversation = Pick<ConversationEntity, 'title' | 'createdBy'> & {
  readonly participantIds: readonly string[];
} & (
    | { readonly kind: 'direct'; readonly directKey: string }
    | { readonly kind: 'channel'; readonly slug: string }
    | { readonly kind: 'group' }
    | { readonly kind: 'consultation'; readonly petId: string }
  );

/** Where a user stands in a conversation. */
export interface Standing {
  readonly lastSeq: number;
  readonly lastReadSeq: number;
  readonly readAt: Date | null;
}

/** A participant, and what others may know of the user. */
export interface ParticipantRow {
  readonly conversation_id: string;
  readonly participant_count: number;
  readonly joined_at: Date;
  readonly last_read_seq: number;
  readonly id: string;
  readonly number: number;
  readonly username: string;
  readonly full_name: string;
  readonly profile_image_url: string | null;
}

/** Who takes part in a conversation: all are counted, the first to have joined are shown. */
export interface Roster {
  readonly count: number;
  readonly first: ParticipantRow[];
}

/** Where a page of a list by activity ended. */
export type ActivityKey = readonly [at: string, id: string];

const ROSTER_LIMIT = 100;

@Injectable()
export class ConversationsRepository {
  constructor(
    @InjectRepository(ConversationEntity) private readonly conversations: Repository<ConversationEntity>,
    @InjectRepository(ParticipantEntity) private readonly participants: Repository<ParticipantEntity>,
  ) {}

  /** @param name canonical */
  async findRef(name: ConversationName): Promise<ConversationRef | undefined> {
    const conversation = await this.conversations.findOneBy(
      typeof name === 'number' ? { number: name } : isUuid(name) ? { id: name } : { slug: name },
    );
    return conversation ? toConversationRef(conversation) : undefined;
  }

  async findDirect(directKey: string): Promise<ConversationRef | undefined> {
    const conversation = await this.conversations.findOneBy({ directKey });
    return conversation ? toConversationRef(conversation) : undefined;
  }

  get(id: string): Promise<ConversationEntity> {
    return this.conversations.findOneByOrFail({ id });
  }

  /** Those in which a user takes part, the last active first. */
  listOf(userId: string, after: ActivityKey | undefined, count: number): Promise<ConversationEntity[]> {
    const query = this.ofParticipant(userId)
      .orderBy('conversation.lastActivityAt', 'DESC')
      .addOrderBy('conversation.id', 'DESC')
      .limit(count);
    if (after)
      query.where('(conversation.lastActivityAt, conversation.id) < (:at, :id)', { at: after[0], id: after[1] });
    return query.getMany();
  }

  /** Channels by slug, after `slug`. */
  listChannels(slug: string, count: number): Promise<ConversationEntity[]> {
    return this.conversations
      .createQueryBuilder('conversation')
      .where('conversation.slug > :slug', { slug })
      .orderBy('conversation.slug')
      .limit(count)
      .getMany();
  }

  /** As one statement, so wholly or not at all; nothing when its slug or key is taken. */
  async insert(id: string, conversation: NewConversation, createdAt: Date): Promise<ConversationRef | undefined> {
    const { kind, title, createdBy, participantIds } = conversation;
    const slug = kind === 'channel' ? conversation.slug : null;
    const directKey = kind === 'direct' ? conversation.directKey : null;
    const petId = kind === 'consultation' ? conversation.petId : null;
    const [inserted] = await this.conversations.query<ConversationRef[]>(
      `WITH inserted AS (
         INSERT INTO conversations (id, kind, slug, direct_key, pet_id, title, created_by, created_at, last_activity_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         ON CONFLICT DO NOTHING
         RETURNING id, number, kind, slug
       ), joined AS (
         INSERT INTO participants (conversation_id, user_id) SELECT id, user_id FROM inserted, unnest($9::uuid[]) AS user_id
       )
       SELECT * FROM inserted`,
      [id, kind, slug, directKey, petId, title, createdBy, createdAt, participantIds],
    );
    return inserted;
  }

  /** Nothing when the user takes no part in it. */
  async standing(conversationId: string, userId: string): Promise<Standing | undefined> {
    const [standing] = await this.participants.query<Standing[]>(
      `SELECT c.last_seq AS "lastSeq", p.last_read_seq AS "lastReadSeq", p.read_at AS "readAt"
       FROM participants p JOIN conversations c ON c.id = p.conversation_id
       WHERE p.conversation_id = $1 AND p.user_id = $2`,
      [conversationId, userId],
    );
    return standing;
  }

  /** Marks as read up to `seq`, never less than was. @returns whether that was news */
  async markRead(conversationId: string, userId: string, seq: number, readAt: Date): Promise<boolean> {
    const unread = { conversationId, userId, lastReadSeq: LessThan(seq) };
    const { affected } = await this.participants.update(unread, { lastReadSeq: seq, readAt });
    return affected === 1;
  }

  /** The participants of each conversation that has any. */
  async rosters(conversationIds: readonly string[]): Promise<Map<string, Roster>> {
    const rows = await this.participants.query<ParticipantRow[]>(
      `SELECT named.id AS conversation_id, counted.participant_count, p.joined_at, p.last_read_seq,
         u.id, u.number, u.username, u.full_name, u.profile_image_url
       FROM unnest($1::uuid[]) AS named (id)
       CROSS JOIN LATERAL (
         SELECT count(*)::integer AS participant_count FROM participants WHERE conversation_id = named.id
       ) AS counted
       CROSS JOIN LATERAL (
         SELECT user_id, joined_at, last_read_seq FROM participants
         WHERE conversation_id = named.id ORDER BY joined_at, user_id LIMIT $2
       ) AS p
       CROSS JOIN LATERAL (
         SELECT id, number, username, full_name, profile_image_url FROM users WHERE users.id = p.user_id LIMIT 1
       ) AS u
       ORDER BY p.joined_at, p.user_id`,
      [conversationIds, ROSTER_LIMIT],
    );
    const rosters = new Map<string, Roster>();
    for (const row of rows) {
      const roster = rosters.get(row.conversation_id);
      if (roster) roster.first.push(row);
      else rosters.set(row.conversation_id, { count: row.participant_count, first: [row] });
    }
    return rosters;
  }

  /** The users in use whom these uuids and numbers name, by name. */
  async findUserIds(names: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.participants.query<{ name: string; id: string }[]>(
      `SELECT named.name::text, users.id FROM unnest($1::uuid[]) AS named (name) JOIN users ON users.id = named.name
       WHERE users.disabled_at IS NULL
       UNION ALL
       SELECT named.name::text, users.id FROM unnest($2::integer[]) AS named (name) JOIN users ON users.number = named.name
       WHERE users.disabled_at IS NULL`,
      [names.filter(isUuid), names.map(toNumber).filter((number) => number !== undefined)],
    );
    return new Map(rows.map((row) => [row.name, row.id]));
  }

  /** The participant whom a uuid or a number names; nothing for what cannot be a name. */
  async findParticipantId(conversationId: string, userName: string): Promise<string | undefined> {
    const [row] = await this.participants.query<{ user_id: string }[]>(
      `SELECT p.user_id FROM participants p JOIN users u ON u.id = p.user_id
       WHERE p.conversation_id = $1 AND (u.id = $2::uuid OR u.number = $3::integer)`,
      [conversationId, isUuid(userName) ? userName : null, toNumber(userName) ?? null],
    );
    return row?.user_id;
  }

  /** Makes participants of those who are none yet. @returns who was none, and the conversation's offset then */
  async addParticipants(
    conversationId: string,
    userIds: readonly string[],
  ): Promise<{ readonly userId: string; readonly offset: number }[]> {
    return this.participants.query(
      `WITH added AS (
         INSERT INTO participants (conversation_id, user_id, joined_offset)
         SELECT id, user_id, last_offset FROM conversations, unnest($2::uuid[]) AS user_id WHERE id = $1
         ON CONFLICT DO NOTHING
         RETURNING user_id, joined_offset
       )
       SELECT user_id AS "userId", joined_offset AS "offset" FROM added`,
      [conversationId, userIds],
    );
  }

  /** @returns whether the user took part */
  async removeParticipant(conversationId: string, userId: string): Promise<boolean> {
    const { affected } = await this.participants.delete({ conversationId, userId });
    return affected === 1;
  }

  private ofParticipant(userId: string): SelectQueryBuilder<ConversationEntity> {
    return this.conversations
      .createQueryBuilder('conversation')
      .innerJoin(
        ParticipantEntity,
        'participant',
        'participant.conversationId = conversation.id AND participant.userId = :userId',
        { userId },
      );
  }
}
