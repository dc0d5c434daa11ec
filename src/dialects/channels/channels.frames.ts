import { Equals, IsBoolean, IsEmail, IsISO8601, IsOptional, IsString, IsUUID } from 'class-validator';
import { IsObjectOf } from '../../common/shape.validators.js';
import type { ConversationRef, MessageState } from '../../realtime/events.js';
import type { ConversationName } from '../../realtime/ports.js';
import { IsConversationName, IsOffset } from '../../realtime/validators.js';
import { Describe, type Frames, OfExtension } from '../frame.js';

const CHANNEL = 'channel123';
const EMAIL = 'user@example.com';
const TIME = '2024-01-01T12:00:00Z';

/** What the address may carry. */
export class ConnectQuery {
  /** The channel to join at once. */
  @IsOptional()
  @IsConversationName()
  channel_id?: ConversationName;
}

@Describe('Hear a channel.', { type: 'join_channel', channel_id: CHANNEL })
export class JoinChannelFrame {
  @Equals('join_channel')
  type: 'join_channel';

  @IsConversationName()
  channel_id: ConversationName;

  /** From this offset on. */
  @OfExtension('resume')
  @IsOptional()
  @IsOffset()
  since?: number;
}

@Describe('Hear it no more.', { type: 'leave_channel', channel_id: CHANNEL })
export class LeaveChannelFrame {
  @Equals('leave_channel')
  type: 'leave_channel';

  @IsConversationName()
  channel_id: ConversationName;
}

@Describe('Asks for a pong.', { type: 'ping' })
export class PingFrame {
  @Equals('ping')
  type: 'ping';
}

/** A message that was deleted. */
export class DeletedMessageData {
  @IsUUID()
  id: string;

  @IsString()
  channel_id: string;

  @IsEmail({ require_tld: false })
  user_email: string;
}

export class MessageData extends DeletedMessageData {
  @IsString()
  content: string;

  @IsISO8601()
  created_at: string;
}

/** What every frame about a message has. */
abstract class MessageFrame {
  @IsString()
  channel_id: string;

  @IsISO8601()
  timestamp: string;

  @OfExtension('resume')
  @IsOffset()
  offset?: number;
}

const DELETED: DeletedMessageData = {
  id: '0198c5a0-7b1e-7000-8000-00000000face',
  channel_id: CHANNEL,
  user_email: EMAIL,
};
const MESSAGE: MessageData = { ...DELETED, content: 'Hello world!', created_at: TIME };

@Describe('A message was sent.', { type: 'new_message', channel_id: CHANNEL, timestamp: TIME, data: MESSAGE })
export class NewMessageFrame extends MessageFrame {
  @Equals('new_message')
  type: 'new_message';

  @IsObjectOf(() => MessageData)
  data: MessageData;
}

@Describe('A message was edited.', {
  type: 'message_updated',
  channel_id: CHANNEL,
  timestamp: TIME,
  data: { ...MESSAGE, content: 'Updated message' },
})
export class MessageUpdatedFrame extends MessageFrame {
  @Equals('message_updated')
  type: 'message_updated';

  @IsObjectOf(() => MessageData)
  data: MessageData;
}

@Describe('A message was deleted.', { type: 'message_deleted', channel_id: CHANNEL, timestamp: TIME, data: DELETED })
export class MessageDeletedFrame extends MessageFrame {
  @Equals('message_deleted')
  type: 'message_deleted';

  @IsObjectOf(() => DeletedMessageData)
  data: DeletedMessageData;
}

/** What both answers about a channel have. */
abstract class ChannelFrame {
  @IsString()
  channel_id: string;

  @IsEmail({ require_tld: false })
  user_email: string;

  @IsISO8601()
  timestamp: string;
}

@Describe('The channel is heard from now on.', {
  type: 'channel_joined',
  channel_id: CHANNEL,
  user_email: EMAIL,
  timestamp: TIME,
})
export class ChannelJoinedFrame extends ChannelFrame {
  @Equals('channel_joined')
  type: 'channel_joined';

  @OfExtension('resume')
  @IsOffset()
  offset?: number;

  @OfExtension('resume')
  @IsBoolean()
  recovered?: boolean;
}

@Describe('The channel is heard no more.', {
  type: 'channel_left',
  channel_id: CHANNEL,
  user_email: EMAIL,
  timestamp: TIME,
})
export class ChannelLeftFrame extends ChannelFrame {
  @Equals('channel_left')
  type: 'channel_left';
}

@Describe('Answers a ping.', { type: 'pong', timestamp: TIME })
export class PongFrame {
  @Equals('pong')
  type: 'pong';

  @IsISO8601()
  timestamp: string;
}

@Describe('A frame was refused.', { type: 'error', message: 'Channel not found', timestamp: TIME })
export class ErrorFrame {
  @Equals('error')
  type: 'error';

  @IsString()
  message: string;

  @IsISO8601()
  timestamp: string;
}

export const frames: Frames = {
  about: 'Typed frames with the time, for everyone in a channel, the sender too.',
  query: ConnectQuery,
  in: { join_channel: JoinChannelFrame, leave_channel: LeaveChannelFrame, ping: PingFrame },
  out: {
    new_message: NewMessageFrame,
    message_updated: MessageUpdatedFrame,
    message_deleted: MessageDeletedFrame,
    channel_joined: ChannelJoinedFrame,
    channel_left: ChannelLeftFrame,
    pong: PongFrame,
    error: ErrorFrame,
  },
};

/** A conversation as this dialect names it: a channel by its slug, another by its id. */
export function channelIdOf({ slug, id }: ConversationRef): string {
  return slug ?? id;
}

export function toDeletedMessageData(conversation: ConversationRef, { id, sender }: MessageState): DeletedMessageData {
  return { id, channel_id: channelIdOf(conversation), user_email: sender.email };
}

export function toMessageData(conversation: ConversationRef, message: MessageState): MessageData {
  return {
    ...toDeletedMessageData(conversation, message),
    content: message.content,
    created_at: message.createdAt,
  };
}
