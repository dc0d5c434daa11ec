import { Injectable } from '@nestjs/common';
import { Gatherer } from '../common/gatherer.js';
import { PreparedStatements, type Statement } from '../database/prepared.js';
import type { ConversationRef } from '../realtime/events.js';

const TAKING_PART: Statement = {
  name: 'taking_part',
  text: `SELECT participant.user_id IS NOT NULL AS "takesPart"
    FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS asked (conversation_id, user_id, place)
    LEFT JOIN LATERAL (
      SELECT user_id FROM participants
      WHERE participants.conversation_id = asked.conversation_id AND participants.user_id = asked.user_id LIMIT 1
    ) AS participant ON true
    ORDER BY place`,
};

/** OFFSET 0 and LIMIT 1 keep the lookups by key, in a plan that was made while the tables were small as well. */
const MEMBERSHIPS: Statement = {
  name: 'memberships',
  text: `SELECT asked.place, conversation.*
    FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (user_id, place)
    CROSS JOIN LATERAL (
      SELECT conversation_id FROM participants WHERE participants.user_id = asked.user_id OFFSET 0
    ) AS participant
    CROSS JOIN LATERAL (
      SELECT id, number, kind, slug FROM conversations WHERE conversations.id = participant.conversation_id LIMIT 1
    ) AS conversation`,
};

const OFFSETS: Statement = {
  name: 'offsets',
  text: `SELECT conversation.id, conversation.last_offset AS "offset" FROM unnest($1::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT id, last_offset FROM conversations WHERE conversations.id = asked.id LIMIT 1
    ) AS conversation`,
};

const PARTICIPANTS: Statement = {
  name: 'participants',
  text: `SELECT asked.id, participant.user_id AS "userId" FROM unnest($1::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT user_id FROM participants WHERE participants.conversation_id = asked.id OFFSET 0
    ) AS participant`,
};

interface Place {
  readonly conversationId: string;
  readonly userId: string;
}

/** What every handshake asks of conversations, and everyone who enters one: those who ask at once share a query. */
@Injectable()
export class ConversationLookups {
  private readonly places = new Gatherer<Place, boolean>(async (places) => {
    const [conversations, users] = [places.map((one) => one.conversationId), places.map((one) => one.userId)];
    const rows = await this.statements.execute<{ takesPart: boolean }>(TAKING_PART, [conversations, users]);
    return rows.map(({ takesPart }) => takesPart);
  });

  private readonly users = new Gatherer<string, ConversationRef[]>(async (users) => {
    const rows = await this.statements.execute<ConversationRef & { place: number }>(MEMBERSHIPS, [users]);
    const memberships: ConversationRef[][] = users.map(() => []);
    for (const { place, ...conversation } of rows) memberships[place - 1]!.push(conversation);
    return memberships;
  });

  private readonly lists = new Gatherer<readonly string[], ReadonlyMap<string, number>>(async (lists) => {
    const ids = [...new Set(lists.flat())];
    const rows = await this.statements.execute<{ id: string; offset: number }>(OFFSETS, [ids]);
    const offsets = new Map(rows.map(({ id, offset }) => [id, offset]));
    return lists.map(() => offsets);
  });

  constructor(private readonly statements: PreparedStatements) {}

  /** Whether a user takes part in a conversation. */
  takesPart(conversationId: string, userId: string): Promise<boolean> {
    return this.places.get({ conversationId, userId });
  }

  /** The conversations in which a user takes part, in no order. */
  memberships(userId: string): Promise<ConversationRef[]> {
    return this.users.get(userId);
  }

  /** Who takes part in each of these conversations, all of them. */
  async participants(conversationIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.statements.execute<{ id: string; userId: string }>(PARTICIPANTS, [conversationIds]);
    const participants = new Map<string, string[]>(conversationIds.map((id) => [id, []]));
    for (const { id, userId } of rows) participants.get(id)!.push(userId);
    return participants;
  }

  /** The offset of each of these conversations' last change, and maybe of others. */
  offsets(conversationIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.lists.get(conversationIds);
  }
}
