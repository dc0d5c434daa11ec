import { IsIn, IsInt, IsISO8601, IsString, IsUUID } from 'class-validator';
import { IsListOf, IsObjectOf, MayBeMissing, Nullable } from '../common/shape.validators.js';
import { MessageBody, presentMessage } from '../messages/message.presenter.js';
import { UserSummaryBody } from '../users/users.presenter.js';
import type { Digest } from '../messages/messages.service.js';
import type { ConversationKind } from '../realtime/events.js';
import type { ConversationEntity } from './conversation.entity.js';
import type { ParticipantRow, Roster, Standing } from './conversations.repository.js';

const KINDS: readonly ConversationKind[] = ['direct', 'group', 'channel', 'consultation'];

export class ParticipantBody extends UserSummaryBody {
  @IsISO8601()
  joined_at: string;

  @IsInt()
  last_read_seq: number;
}

/** A conversation as REST shows it to one of its users. */
export class ConversationBody {
  @IsUUID()
  id: string;

  @IsInt()
  number: number;

  @IsIn(KINDS)
  kind: ConversationKind;

  @Nullable()
  @IsString()
  slug: string | null;

  @Nullable()
  @IsString()
  title: string | null;

  /** Consultations only. */
  @MayBeMissing()
  @IsUUID()
  pet_id?: string;

  @IsUUID()
  created_by: string;

  @IsISO8601()
  created_at: string;

  @IsInt()
  last_seq: number;

  @Nullable()
  @IsObjectOf(() => MessageBody)
  last_message: MessageBody | null;

  @IsInt()
  unread_count: number;

  /** The first to have joined; a channel may have more than are shown. */
  @IsListOf(() => ParticipantBody)
  participants: ParticipantBody[];

  @IsInt()
  participant_count: number;
}

/** How far a participant has read. */
export class ReadingBody {
  @IsUUID()
  conversation_id: string;

  @IsUUID()
  user_id: string;

  @IsInt()
  last_read_seq: number;

  @Nullable()
  @IsISO8601()
  read_at: string | null;
}

export function presentConversation(
  conversation: ConversationEntity,
  digest: Digest | undefined,
  roster: Roster | undefined,
): ConversationBody {
  return {
    id: conversation.id,
    number: conversation.number,
    kind: conversation.kind,
    slug: conversation.slug,
    title: conversation.title,
    ...(conversation.petId !== null && { pet_id: conversation.petId }),
    created_by: conversation.createdBy,
    created_at: conversation.createdAt.toISOString(),
    last_seq: conversation.lastSeq,
    last_message: digest?.lastMessage ? presentMessage(conversation.id, digest.lastMessage) : null,
    unread_count: digest?.unreadCount ?? 0,
    participants: roster?.first.map(presentParticipant) ?? [],
    participant_count: roster?.count ?? 0,
  };
}

export function presentReading(conversationId: string, userId: string, { lastReadSeq, readAt }: Standing): ReadingBody {
  return {
    conversation_id: conversationId,
    user_id: userId,
    last_read_seq: lastReadSeq,
    read_at: readAt?.toISOString() ?? null,
  };
}

function presentParticipant(row: ParticipantRow): ParticipantBody {
  return {
    id: row.id,
    number: row.number,
    username: row.username,
    full_name: row.full_name,
    profile_image_url: row.profile_image_url,
    joined_at: row.joined_at.toISOString(),
    last_read_seq: row.last_read_seq,
  };
}
