import { IsOptional, IsString } from 'class-validator';
import { PageQuery, QueryInteger } from '../common/pagination.js';
import type { ConversationName } from '../realtime/ports.js';
import { IsConversationName } from '../realtime/validators.js';

const LARGEST_SEQ = 2 ** 31 - 1;

/** What lengths and forms its texts may have is the service's to say: dialects send through it too. */
export class SendMessageDto {
  @IsString()
  content: string;

  @IsOptional()
  @IsString()
  message_type?: string | null;

  @IsOptional()
  @IsString()
  client_message_id?: string | null;
}

export class PostMessageDto extends SendMessageDto {
  /** A channel's slug, which may be a new one; or any conversation's uuid or number. */
  @IsConversationName()
  channel_id: ConversationName;
}

export class EditMessageDto {
  @IsString()
  content: string;
}

export class MessagesQuery extends PageQuery {
  /** Those with a smaller seq, newest first. */
  @IsOptional()
  @QueryInteger(1, LARGEST_SEQ)
  before?: number;

  /** Those with a larger seq, oldest first. */
  @IsOptional()
  @QueryInteger(0, LARGEST_SEQ)
  after?: number;
}
