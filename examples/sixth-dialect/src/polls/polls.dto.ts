import { IsISO8601, IsUUID } from 'class-validator';
import { IsText, Trim } from 'parlance';
import type { PollEntity } from './poll.entity.js';

export class OpenPollDto {
  @Trim()
  @IsText(1, 200)
  question: string;
}

/** A poll, as REST shows it. */
export class PollBody {
  @IsUUID()
  id: string;

  @IsUUID()
  conversation_id: string;

  @IsUUID()
  opened_by: string;

  @IsText(1, 200)
  question: string;

  @IsISO8601()
  created_at: string;
}

export function presentPoll(poll: PollEntity): PollBody {
  return {
    id: poll.id,
    conversation_id: poll.conversationId,
    opened_by: poll.openedBy,
    question: poll.question,
    created_at: poll.createdAt.toISOString(),
  };
}
