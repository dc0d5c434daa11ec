import { Equals, IsBoolean, IsISO8601, IsOptional, IsString, IsUUID } from 'class-validator';
import { IsObjectOf, Nullable } from '../../common/shape.validators.js';
import type { MessageEvent, NotificationState } from '../../realtime/events.js';
import type { ConversationName } from '../../realtime/ports.js';
import { IsConversationName, IsOffset } from '../../realtime/validators.js';
import { Describe, type Frames, OfExtension } from '../frame.js';

const CONVERSATION = '0198c5a0-7b1e-7000-8000-00000000c0de';
const USER = '0198c5a0-7b1e-7000-8000-00000000beef';
const NOTIFICATION = '0198c5a0-7b1e-7000-8000-00000000fade';

@Describe('Sends a message to a conversation.', { conversation_id: CONVERSATION, content: 'string', type: 'text' })
export class SendFrame {
  @IsConversationName()
  conversation_id: ConversationName;

  @IsString()
  content: string;

  @IsOptional()
  @IsString()
  type?: string;

  /** Sending the same one twice yields the first message again (contract §2). */
  @IsOptional()
  @IsString()
  client_message_id?: string;
}

@Describe(
  'Asks for what was missed after an offset.',
  { event: 'resume', conversation_id: CONVERSATION, since: 41 },
  'resume',
)
export class ResumeFrame {
  @Equals('resume')
  event: 'resume';

  @IsConversationName()
  conversation_id: ConversationName;

  @IsOffset()
  since: number;
}

/** A message as it stands, after it was sent, edited or deleted. */
export class MessageData {
  @IsUUID()
  id: string;

  @IsUUID()
  conversation_id: string;

  @IsUUID()
  sender_id: string;

  @IsString()
  content: string;

  @IsString()
  message_type: string;

  @IsISO8601()
  created_at: string;

  @IsBoolean()
  is_edited: boolean;

  @IsBoolean()
  is_deleted: boolean;
}

const MESSAGE: MessageData = {
  id: '0198c5a0-7b1e-7000-8000-00000000face',
  conversation_id: CONVERSATION,
  sender_id: USER,
  content: 'string',
  message_type: 'text',
  created_at: '2024-01-01T12:00:00Z',
  is_edited: true,
  is_deleted: false,
};

@Describe('A message was sent, edited or deleted: here it is as it stands.', MESSAGE)
export class MessageFrame extends MessageData {
  @OfExtension('resume')
  @IsOffset()
  offset?: number;
}

@Describe('A message of one’s own is stored.', { event: 'ack', client_message_id: 'm-1', message: MESSAGE }, 'ack')
export class AckFrame {
  @Equals('ack')
  event: 'ack';

  @Nullable()
  @IsString()
  client_message_id: string | null;

  @IsObjectOf(() => MessageData)
  message: MessageData;

  @OfExtension('resume')
  @IsOffset()
  offset?: number;
}

@Describe(
  'What was missed follows, if it could be recovered.',
  { event: 'resumed', conversation_id: CONVERSATION, offset: 42, recovered: true },
  'resume',
)
export class ResumedFrame {
  @Equals('resumed')
  event: 'resumed';

  @IsUUID()
  conversation_id: string;

  @IsOffset()
  offset: number;

  @IsBoolean()
  recovered: boolean;
}

/** A text that may be missing, as the database library of the document's server writes it. */
export class NullableText {
  @IsString()
  String: string;

  @IsBoolean()
  Valid: boolean;
}

@Describe('The user has been notified of something.', {
  id: NOTIFICATION,
  user_id: USER,
  type: 'new_comment',
  title: 'string',
  message: 'string',
  link: { String: '/path/to/content', Valid: true },
  is_read: false,
  created_at: '2024-01-01T12:00:00Z',
})
export class NotificationFrame {
  @IsUUID()
  id: string;

  @IsUUID()
  user_id: string;

  @IsString()
  type: string;

  @IsString()
  title: string;

  @IsString()
  message: string;

  @IsObjectOf(() => NullableText)
  link: NullableText;

  @IsBoolean()
  is_read: boolean;

  @IsISO8601()
  created_at: string;
}

@Describe('A notification was read.', { event: 'read', notification_id: NOTIFICATION })
export class NotificationReadFrame {
  @Equals('read')
  event: 'read';

  @IsUUID()
  notification_id: string;
}

@Describe('All notifications were read.', { event: 'read_all' })
export class NotificationsAllReadFrame {
  @Equals('read_all')
  event: 'read_all';
}

@Describe('A notification was deleted.', { event: 'deleted', notification_id: NOTIFICATION })
export class NotificationDeletedFrame {
  @Equals('deleted')
  event: 'deleted';

  @IsUUID()
  notification_id: string;
}

@Describe('A frame was refused.', { event: 'error', message: 'Conversation not found' })
export class ErrorFrame {
  @Equals('error')
  event: 'error';

  @IsString()
  message: string;
}

export const frames: Frames = {
  about: 'JSON objects without an envelope, for every conversation that the user takes part in, and notifications.',
  in: { message: SendFrame, resume: ResumeFrame },
  out: {
    message: MessageFrame,
    created: NotificationFrame,
    read: NotificationReadFrame,
    read_all: NotificationsAllReadFrame,
    deleted: NotificationDeletedFrame,
    ack: AckFrame,
    resumed: ResumedFrame,
    error: ErrorFrame,
  },
};

export function toMessageData({ conversation, message }: Pick<MessageEvent, 'conversation' | 'message'>): MessageData {
  return {
    id: message.id,
    conversation_id: conversation.id,
    sender_id: message.sender.id,
    content: message.content,
    message_type: message.messageType,
    created_at: message.createdAt,
    is_edited: message.editedAt !== null,
    is_deleted: message.deletedAt !== null,
  };
}

export function toNotificationFrame(notification: NotificationState): NotificationFrame {
  return {
    id: notification.id,
    user_id: notification.userId,
    type: notification.type,
    title: notification.title,
    message: notification.message,
    link: { String: notification.link ?? '', Valid: notification.link !== null },
    is_read: false,
    created_at: notification.createdAt,
  };
}
