import { IsBoolean, IsInt, IsISO8601, IsString, IsUUID } from 'class-validator';
import { IsObjectOf, Nullable } from '../common/shape.validators.js';
import type { MessageState } from '../realtime/events.js';
import { presentUserSummary, UserSummaryBody } from '../users/users.presenter.js';

/** A message as REST shows it. */
export class MessageBody {
  @IsUUID()
  id: string;

  @IsInt()
  number: number;

  @IsUUID()
  conversation_id: string;

  @IsInt()
  seq: number;

  @IsObjectOf(() => UserSummaryBody)
  sender: UserSummaryBody;

  @IsString()
  content: string;

  @IsString()
  message_type: string;

  @Nullable()
  @IsString()
  client_message_id: string | null;

  @IsISO8601()
  created_at: string;

  @Nullable()
  @IsISO8601()
  edited_at: string | null;

  @Nullable()
  @IsISO8601()
  deleted_at: string | null;

  @IsBoolean()
  is_edited: boolean;

  @IsBoolean()
  is_deleted: boolean;
}

export function presentMessage(conversationId: string, message: MessageState): MessageBody {
  return {
    id: message.id,
    number: message.number,
    conversation_id: conversationId,
    seq: message.seq,
    sender: presentUserSummary(message.sender),
    content: message.content,
    message_type: message.messageType,
    client_message_id: message.clientMessageId,
    created_at: message.createdAt,
    edited_at: message.editedAt,
    deleted_at: message.deletedAt,
    is_edited: message.editedAt !== null,
    is_deleted: message.deletedAt !== null,
  };
}
