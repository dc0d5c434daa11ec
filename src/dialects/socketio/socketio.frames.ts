import { Equals, IsBoolean, IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';
import { Nullable } from '../../common/shape.validators.js';
import type { ConversationRead, MessageEvent, NotificationState } from '../../realtime/events.js';
import type { Extensions } from '../../realtime/extensions.js';
import type { ConversationName } from '../../realtime/ports.js';
import { offsetKey } from '../../realtime/resuming.js';
import { IsConversationName, IsOffset } from '../../realtime/validators.js';
import { IsUserId } from '../../users/user-id.validator.js';
import { Describe, type Frames, OfExtension } from '../frame.js';

/** What is emitted, and with what: on the wire `42["event",{…}]`. */
export interface EventFrame {
  readonly event: string;
  readonly data: object;
}

@Describe('Hear a conversation. The id alone will do.', { conversationId: 123 })
export class JoinConversationFrame {
  @IsConversationName()
  conversationId: ConversationName;

  /** From this offset on. */
  @OfExtension('resume')
  @IsOptional()
  @IsOffset()
  since?: number;
}

@Describe('Hear it no more. The id alone will do.', { conversationId: 123 })
export class LeaveConversationFrame {
  @IsConversationName()
  conversationId: ConversationName;
}

@Describe('Say something, in a conversation or to someone.', {
  conversationId: 123,
  content: 'Hello world!',
  toUserId: 456,
})
export class SendMessageFrame {
  /** None: the direct conversation with `toUserId`. */
  @IsOptional()
  @IsConversationName()
  conversationId?: ConversationName | null;

  @IsString()
  content: string;

  /** To whom it is addressed, where the conversation does not say it. */
  @IsOptional()
  @IsUserId()
  toUserId?: string | number | null;

  /** Sending the same one twice sends one message. */
  @IsOptional()
  @IsString()
  client_message_id?: string | null;
}

@Describe('All messages of a conversation are read.', { conversationId: 123 })
export class MarkReadFrame {
  @IsConversationName()
  conversationId: ConversationName;
}

@Describe('The user types in a conversation, or does not any more.', { conversationId: 123, toUserId: 456 })
export class TypingFrame {
  @IsConversationName()
  conversationId: ConversationName;
}

const MESSAGE = {
  id: 101,
  conversation_id: 123,
  sender_id: 456,
  receiver_id: 789,
  content: 'Hello world!',
  is_read: false,
  created_at: '2023-10-27T10:00:00.000Z',
};

abstract class MessageBase {
  @IsInt()
  id: number;

  @IsInt()
  conversation_id: number;

  @IsInt()
  sender_id: number;

  @Nullable()
  @IsInt()
  receiver_id: number | null;

  @IsString()
  content: string;

  @IsBoolean()
  is_read: boolean;

  @IsISO8601()
  created_at: string;

  @OfExtension('resume')
  @IsOffset()
  offset?: number;
}

@Describe('A message in a conversation that was joined.', { ...MESSAGE, read_at: null })
export class MessageData extends MessageBase {
  @Nullable()
  @IsISO8601()
  read_at: string | null;
}

@Describe('A message in a joined conversation was edited.', { ...MESSAGE, read_at: null }, 'edits')
export class MessageUpdatedData extends MessageData {}

@Describe('A message was taken back; its content is gone.', { ...MESSAGE, content: '', read_at: null }, 'edits')
export class MessageDeletedData extends MessageData {}

@Describe('Someone wrote in a conversation of the user, joined or not.', { ...MESSAGE, type: 'new_message' })
export class MessageNotificationData extends MessageBase {
  @Equals('new_message')
  type: 'new_message';
}

@Describe('Someone else has read all messages.', {
  conversationId: 123,
  userId: 456,
  readAt: '2023-10-27T10:05:00.000Z',
})
export class MessagesReadData {
  @IsInt()
  conversationId: number;

  @IsInt()
  userId: number;

  @IsISO8601()
  readAt: string;
}

@Describe('Someone else types, or does not any more.', { conversationId: 123, userId: 456 })
export class TypingData {
  @IsInt()
  conversationId: number;

  @IsInt()
  userId: number;
}

@Describe('The user is notified of something.', {
  id: 50,
  user_id: 789,
  title: 'Project Update',
  message: 'You have been assigned to Project X',
  type: 'project_assigned',
  created_at: '2023-10-27T12:00:00.000Z',
})
export class NotificationData {
  @IsInt()
  id: number;

  @IsInt()
  user_id: number;

  @IsString()
  title: string;

  @IsString()
  message: string;

  @IsString()
  type: string;

  @IsISO8601()
  created_at: string;
}

@Describe('Something that was emitted was refused.', { message: 'Failed to send message' })
export class ErrorData {
  @IsString()
  message: string;
}

/** What of an event, or of the answer to a send, is shown. */
type ShownMessage = Pick<MessageEvent, 'conversation' | 'message' | 'offset'>;

export const frames: Frames = {
  about: 'Socket.IO events: the conversations that a connection joined, and a note of each message to the user.',
  in: {
    join_conversation: JoinConversationFrame,
    leave_conversation: LeaveConversationFrame,
    send_message: SendMessageFrame,
    mark_read: MarkReadFrame,
    typing_start: TypingFrame,
    typing_stop: TypingFrame,
  },
  out: {
    new_message: MessageData,
    message_notification: MessageNotificationData,
    message_updated: MessageUpdatedData,
    message_deleted: MessageDeletedData,
    messages_read: MessagesReadData,
    typing_start: TypingData,
    typing_stop: TypingData,
    new_notification: NotificationData,
    error: ErrorData,
  },
};

export function toMessageData({ conversation, message, offset }: ShownMessage, extensions: Extensions): MessageData {
  const readAt = message.receiver?.readAt ?? null;
  return {
    id: message.number,
    conversation_id: conversation.number,
    sender_id: message.sender.number,
    receiver_id: message.receiver?.number ?? null,
    content: message.content,
    is_read: readAt !== null,
    read_at: readAt,
    created_at: message.createdAt,
    ...offsetKey(extensions, offset),
  };
}

export function toMessageNotificationData(event: ShownMessage, extensions: Extensions): MessageNotificationData {
  const { read_at: _, ...message } = toMessageData(event, extensions);
  return { ...message, type: 'new_message' };
}

export function toMessagesReadData({ conversation, userNumber, readAt }: ConversationRead): MessagesReadData {
  return { conversationId: conversation.number, userId: userNumber, readAt };
}

export function toNotificationData(notification: NotificationState): NotificationData {
  return {
    id: notification.number,
    user_id: notification.userNumber,
    title: notification.title,
    message: notification.message,
    type: notification.type,
    created_at: notification.createdAt,
  };
}
