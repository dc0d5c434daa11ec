import { Equals, IsBoolean, IsIn, IsISO8601, IsOptional, IsString, IsUUID } from 'class-validator';
import { IsObjectOf, MayBeMissing, Nullable } from '../../common/shape.validators.js';
import type { MessageState, PresenceStatus } from '../../realtime/events.js';
import type { ConversationName } from '../../realtime/ports.js';
import { IsConversationName, IsOffset } from '../../realtime/validators.js';
import { Describe, type Frames, OfExtension } from '../frame.js';

const CONVERSATION = '0198c5a0-7b1e-7000-8000-00000000c0de';
const USER = '0198c5a0-7b1e-7000-8000-00000000beef';
const STATUSES: readonly PresenceStatus[] = ['online', 'away', 'offline'];

@Describe('Hear a conversation.', { event: 'subscribe', channel: 'conversation', conversation_id: CONVERSATION })
export class SubscribeFrame {
  @Equals('subscribe')
  event: 'subscribe';

  @IsOptional()
  @IsIn(['conversation'])
  channel?: 'conversation';

  @IsConversationName()
  conversation_id: ConversationName;

  /** From this offset on. */
  @OfExtension('resume')
  @IsOptional()
  @IsOffset()
  since?: number;
}

@Describe('Hear it no more; there is no answer.', { event: 'unsubscribe', conversation_id: CONVERSATION })
export class UnsubscribeFrame {
  @Equals('unsubscribe')
  event: 'unsubscribe';

  @IsConversationName()
  conversation_id: ConversationName;
}

@Describe('The user types, or does not any more.', { event: 'typing', conversation_id: CONVERSATION, is_typing: true })
export class TypingFrame {
  @Equals('typing')
  event: 'typing';

  @IsConversationName()
  conversation_id: ConversationName;

  @IsBoolean()
  is_typing: boolean;
}

@Describe("Sets the user's status.", { event: 'presence', status: 'online' })
export class PresenceFrame {
  @Equals('presence')
  event: 'presence';

  @IsIn(STATUSES)
  status: PresenceStatus;
}

@Describe('Asks for a pong.', { event: 'ping' })
export class PingFrame {
  @Equals('ping')
  event: 'ping';
}

@Describe('The connection is open.', { event: 'connected', message: 'WebSocket connection established' })
export class ConnectedFrame {
  @Equals('connected')
  event: 'connected';

  @IsString()
  message: string;
}

@Describe('The conversation is heard from now on.', { event: 'subscribed', conversation_id: CONVERSATION })
export class SubscribedFrame {
  @Equals('subscribed')
  event: 'subscribed';

  @IsUUID()
  conversation_id: string;

  @OfExtension('resume')
  @IsOffset()
  offset?: number;

  @OfExtension('resume')
  @IsBoolean()
  recovered?: boolean;
}

export class SenderData {
  @IsUUID()
  id: string;

  @IsString()
  username: string;

  @IsString()
  full_name: string;

  @Nullable()
  @IsString()
  profile_image_url: string | null;
}

export class MessageData {
  @IsUUID()
  id: string;

  @IsUUID()
  conversation_id: string;

  @IsObjectOf(() => SenderData)
  sender: SenderData;

  @IsString()
  content: string;

  @IsString()
  message_type: string;

  @IsISO8601()
  created_at: string;
}

abstract class MessageFrame {
  @IsUUID()
  conversation_id: string;

  @IsObjectOf(() => MessageData)
  data: MessageData;

  @OfExtension('resume')
  @IsOffset()
  offset?: number;
}

const MESSAGE: Omit<MessageFrame, 'offset'> = {
  conversation_id: CONVERSATION,
  data: {
    id: '0198c5a0-7b1e-7000-8000-00000000face',
    conversation_id: CONVERSATION,
    sender: { id: USER, username: 'username', full_name: 'Full Name', profile_image_url: null },
    content: 'Message content',
    message_type: 'text',
    created_at: '2024-01-01T12:00:00Z',
  },
};

@Describe('Someone else sent a message.', { event: 'message.new', ...MESSAGE })
export class MessageNewFrame extends MessageFrame {
  @Equals('message.new')
  event: 'message.new';
}

@Describe('A message was edited.', { event: 'message.updated', ...MESSAGE }, 'edits')
export class MessageUpdatedFrame extends MessageFrame {
  @Equals('message.updated')
  event: 'message.updated';
}

@Describe(
  'A message was taken back; its content is gone.',
  { event: 'message.deleted', ...MESSAGE, data: { ...MESSAGE.data, content: '' } },
  'edits',
)
export class MessageDeletedFrame extends MessageFrame {
  @Equals('message.deleted')
  event: 'message.deleted';
}

export class TypingData {
  @IsUUID()
  user_id: string;

  @IsString()
  user_name: string;

  @IsBoolean()
  is_typing: boolean;
}

@Describe('Someone else types, or does not any more.', {
  event: 'typing',
  conversation_id: CONVERSATION,
  data: { user_id: USER, user_name: 'Full Name', is_typing: true },
})
export class TypingChangedFrame {
  @Equals('typing')
  event: 'typing';

  @IsUUID()
  conversation_id: string;

  @IsObjectOf(() => TypingData)
  data: TypingData;
}

export class PresenceData {
  @IsUUID()
  user_id: string;

  @IsString()
  user_name: string;

  @IsIn(STATUSES)
  status: PresenceStatus;
}

@Describe("Someone's status, where a subscribed conversation is shared.", {
  event: 'presence',
  data: { user_id: USER, user_name: 'Full Name', status: 'away' },
})
export class PresenceChangedFrame {
  @Equals('presence')
  event: 'presence';

  @IsObjectOf(() => PresenceData)
  data: PresenceData;
}

@Describe('Answers a ping.', { event: 'pong' })
export class PongFrame {
  @Equals('pong')
  event: 'pong';
}

@Describe('A frame was refused.', {
  event: 'error',
  message: 'Conversation not found',
  conversation_id: CONVERSATION,
})
export class ErrorFrame {
  @Equals('error')
  event: 'error';

  @IsString()
  message: string;

  /** As the refused frame had it. */
  @MayBeMissing()
  @IsConversationName()
  conversation_id?: ConversationName;
}

export const frames: Frames = {
  about: 'Events of the conversations to which a connection has subscribed, for everyone but who caused them.',
  in: {
    subscribe: SubscribeFrame,
    unsubscribe: UnsubscribeFrame,
    typing: TypingFrame,
    presence: PresenceFrame,
    ping: PingFrame,
  },
  out: {
    connected: ConnectedFrame,
    subscribed: SubscribedFrame,
    'message.new': MessageNewFrame,
    'message.updated': MessageUpdatedFrame,
    'message.deleted': MessageDeletedFrame,
    typing: TypingChangedFrame,
    presence: PresenceChangedFrame,
    pong: PongFrame,
    error: ErrorFrame,
  },
};

export function toMessageData(conversationId: string, message: MessageState): MessageData {
  const { sender } = message;
  return {
    id: message.id,
    conversation_id: conversationId,
    sender: {
      id: sender.id,
      username: sender.username,
      full_name: sender.fullName,
      profile_image_url: sender.profileImageUrl,
    },
    content: message.content,
    message_type: message.messageType,
    created_at: message.createdAt,
  };
}
