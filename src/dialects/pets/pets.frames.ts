import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  Equals,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  Min,
} from 'class-validator';
import type { UserRef } from '../../common/principal.js';
import { IsListOf, IsObjectOf, Nullable } from '../../common/shape.validators.js';
import type { ConversationRef, ConversationSummary, Departure, MessageState } from '../../realtime/events.js';
import type { ConversationName } from '../../realtime/ports.js';
import { IsConversationName, IsOffset } from '../../realtime/validators.js';
import { Describe, type Frames, OfExtension } from '../frame.js';

/** Who the server is, as a sender. */
const SERVER_ID = '00000000-0000-0000-0000-000000000000';

const LARGEST_PAGE = 2 ** 31 - 1;
const DEPARTURES: readonly Departure[] = ['unsubscribed', 'disconnected'];

const CONVERSATION = '0198c5a0-7b1e-7000-8000-00000000c0de';
const CLIENT = '0198c5a0-7b1e-7000-8000-00000000beef';
const PROVIDER = '0198c5a0-7b1e-7000-8000-00000000feed';
const PET = '0198c5a0-7b1e-7000-8000-000000000d06';
const TIME = 1672574400000;

const fromClient = (event: string, params: object): object => ({ sender_id: CLIENT, event, params });

/** What every frame of a client has. */
abstract class ClientFrame {
  /** The user who is connected. */
  @IsUUID()
  sender_id: string;
}

export class NoParams {}

@Describe('Asks for the conversations that the user’s role is shown.', fromClient('conversations', {}))
export class ListFrame extends ClientFrame {
  @Equals('conversations')
  event: 'conversations';

  @IsObjectOf(() => NoParams)
  params: NoParams;
}

export class SendParams {
  @IsConversationName()
  conversation_id: ConversationName;

  @IsString()
  content: string;

  /** Sending the same one twice yields the first message again (contract §2). */
  @IsOptional()
  @IsString()
  client_message_id?: string;
}

@Describe(
  'Sends a message to a conversation.',
  fromClient('message', { conversation_id: CONVERSATION, content: 'Your message text' }),
)
export class SendFrame extends ClientFrame {
  @Equals('message')
  event: 'message';

  @IsObjectOf(() => SendParams)
  params: SendParams;
}

export class NewConversationParams {
  @IsUUID()
  pet_id: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsUUID('all', { each: true })
  @ArrayUnique((id: unknown) => (typeof id === 'string' ? id.toLowerCase() : id))
  providers: string[];
}

@Describe(
  'Starts a consultation about a pet of the client’s own.',
  fromClient('new_conversation', { pet_id: PET, providers: [PROVIDER] }),
)
export class NewConversationFrame extends ClientFrame {
  @Equals('new_conversation')
  event: 'new_conversation';

  @IsObjectOf(() => NewConversationParams)
  params: NewConversationParams;
}

export class HistoryParams {
  @IsConversationName()
  conversation_id: ConversationName;

  /** From 0, where the newest messages are. */
  @IsInt()
  @Min(0)
  @Max(LARGEST_PAGE)
  page: number = 0;

  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 20;
}

@Describe(
  'Asks for a page of a conversation’s messages, and subscribes to it.',
  fromClient('conversation_history', { conversation_id: CONVERSATION, page: 0, limit: 20 }),
)
export class HistoryFrame extends ClientFrame {
  @Equals('conversation_history')
  event: 'conversation_history';

  @IsObjectOf(() => HistoryParams)
  params: HistoryParams;
}

export class SubscribeParams {
  @IsConversationName()
  conversation_id: ConversationName;

  /** From this offset on. */
  @OfExtension('resume')
  @IsOffset()
  since?: number;
}

@Describe('Hear a conversation.', fromClient('subscribe_conversation', { conversation_id: CONVERSATION }))
export class SubscribeFrame extends ClientFrame {
  @Equals('subscribe_conversation')
  event: 'subscribe_conversation';

  @IsObjectOf(() => SubscribeParams)
  params: SubscribeParams;
}

export class UnsubscribeParams {
  @IsConversationName()
  conversation_id: ConversationName;
}

@Describe('Hear it no more.', fromClient('unsubscribe_conversation', { conversation_id: CONVERSATION }))
export class UnsubscribeFrame extends ClientFrame {
  @Equals('unsubscribe_conversation')
  event: 'unsubscribe_conversation';

  @IsObjectOf(() => UnsubscribeParams)
  params: UnsubscribeParams;
}

/** What every frame of the server has. */
abstract class ServerFrame {
  @Equals(SERVER_ID)
  sender_id: typeof SERVER_ID;
}

/** Puts what the server tells into its envelope. */
export function envelop<const Event extends string, Params>(
  event: Event,
  params: Params,
): { sender_id: typeof SERVER_ID; event: Event; params: Params } {
  return { sender_id: SERVER_ID, event, params };
}

/** A message; times are in epoch milliseconds, here and everywhere. */
export class MessageData {
  @IsUUID()
  id: string;

  @IsUUID()
  conversation_id: string;

  @IsUUID()
  sender_id: string;

  @IsString()
  content: string;

  @IsInt()
  timestamp: number;
}

const MESSAGE: MessageData = {
  id: '0198c5a0-7b1e-7000-8000-00000000face',
  conversation_id: CONVERSATION,
  sender_id: CLIENT,
  content: 'Your message text',
  timestamp: TIME,
};

/** What every frame about a message has. */
abstract class MessageFrame extends ServerFrame {
  @IsObjectOf(() => MessageData)
  params: MessageData;

  @OfExtension('resume')
  @IsOffset()
  offset?: number;
}

@Describe('A message was sent.', envelop('message_sent', MESSAGE))
export class MessageSentFrame extends MessageFrame {
  @Equals('message_sent')
  event: 'message_sent';
}

@Describe('A message was edited.', envelop('message_updated', { ...MESSAGE, content: 'Another text' }), 'edits')
export class MessageUpdatedFrame extends MessageFrame {
  @Equals('message_updated')
  event: 'message_updated';
}

@Describe('A message was deleted.', envelop('message_deleted', { ...MESSAGE, content: '' }), 'edits')
export class MessageDeletedFrame extends MessageFrame {
  @Equals('message_deleted')
  event: 'message_deleted';
}

export class MessageAckData {
  @Nullable()
  @IsString()
  client_message_id: string | null;

  @IsObjectOf(() => MessageData)
  message: MessageData;
}

@Describe(
  'A message of one’s own is stored.',
  envelop('message_ack', { client_message_id: 'm-1', message: MESSAGE }),
  'ack',
)
export class MessageAckFrame extends ServerFrame {
  @Equals('message_ack')
  event: 'message_ack';

  @IsObjectOf(() => MessageAckData)
  params: MessageAckData;

  @OfExtension('resume')
  @IsOffset()
  offset?: number;
}

/** A conversation: its client is who created it, its providers are the others who take part. */
export class ConversationData {
  @IsUUID()
  id: string;

  @IsArray()
  @IsUUID('all', { each: true })
  providers: readonly string[];

  @IsUUID()
  client: string;

  /** Null where it is not a consultation. */
  @Nullable()
  @IsUUID()
  pet: string | null;

  @IsString()
  last_message: string;

  @IsInt()
  last_updated_timestamp: number;
}

const NEW_CONVERSATION: ConversationData = {
  id: CONVERSATION,
  providers: [PROVIDER],
  client: CLIENT,
  pet: PET,
  last_message: '',
  last_updated_timestamp: TIME,
};

@Describe(
  'The conversations that the user’s role is shown, the last active first.',
  envelop('conversations', [{ ...NEW_CONVERSATION, last_message: 'Last message content' }]),
)
export class ConversationsFrame extends ServerFrame {
  @Equals('conversations')
  event: 'conversations';

  @IsListOf(() => ConversationData)
  params: ConversationData[];
}

@Describe('The client has started a consultation.', envelop('conversation_created', NEW_CONVERSATION))
export class ConversationCreatedFrame extends ServerFrame {
  @Equals('conversation_created')
  event: 'conversation_created';

  @IsObjectOf(() => ConversationData)
  params: ConversationData;
}

@Describe('The provider is invited to a consultation.', envelop('new_conversation_invitation', NEW_CONVERSATION))
export class InvitationFrame extends ServerFrame {
  @Equals('new_conversation_invitation')
  event: 'new_conversation_invitation';

  @IsObjectOf(() => ConversationData)
  params: ConversationData;
}

export class HistoryData {
  /** Newest first; a deleted one keeps its place, without its content. */
  @IsListOf(() => MessageData)
  messages: MessageData[];

  @IsInt()
  total_count: number;

  @IsBoolean()
  has_more: boolean;
}

@Describe(
  'A page of a conversation’s messages.',
  envelop('conversation_history_response', { messages: [MESSAGE], total_count: 45, has_more: true }),
)
export class HistoryResponseFrame extends ServerFrame {
  @Equals('conversation_history_response')
  event: 'conversation_history_response';

  @IsObjectOf(() => HistoryData)
  params: HistoryData;
}

export class UnsubscribedData {
  @IsUUID()
  conversation_id: string;

  @Equals('success')
  status: 'success';
}

export class SubscribedData extends UnsubscribedData {
  @OfExtension('resume')
  @IsOffset()
  offset?: number;

  @OfExtension('resume')
  @IsBoolean()
  recovered?: boolean;
}

@Describe(
  'The conversation is heard from now on.',
  envelop('subscribed', { conversation_id: CONVERSATION, status: 'success' }),
)
export class SubscribedFrame extends ServerFrame {
  @Equals('subscribed')
  event: 'subscribed';

  @IsObjectOf(() => SubscribedData)
  params: SubscribedData;
}

@Describe(
  'The conversation is heard no more.',
  envelop('unsubscribed', { conversation_id: CONVERSATION, status: 'success' }),
)
export class UnsubscribedFrame extends ServerFrame {
  @Equals('unsubscribed')
  event: 'unsubscribed';

  @IsObjectOf(() => UnsubscribedData)
  params: UnsubscribedData;
}

export class UserJoinedData {
  @IsUUID()
  user_id: string;

  @IsString()
  display_name: string;

  @Nullable()
  @IsString()
  profile_image_url: string | null;

  @IsUUID()
  conversation_id: string;

  @IsInt()
  timestamp: number;
}

export class UserLeftData extends UserJoinedData {
  @IsIn(DEPARTURES)
  reason: Departure;
}

const USER: UserJoinedData = {
  user_id: CLIENT,
  display_name: 'John Doe',
  profile_image_url: 'https://example.com/profile.jpg',
  conversation_id: CONVERSATION,
  timestamp: 1615482367000,
};

@Describe('A user’s first connection hears the conversation.', envelop('user_joined', USER))
export class UserJoinedFrame extends ServerFrame {
  @Equals('user_joined')
  event: 'user_joined';

  @IsObjectOf(() => UserJoinedData)
  params: UserJoinedData;
}

@Describe(
  'A user’s last connection hears the conversation no more.',
  envelop('user_left', { ...USER, reason: 'unsubscribed' }),
)
export class UserLeftFrame extends ServerFrame {
  @Equals('user_left')
  event: 'user_left';

  @IsObjectOf(() => UserLeftData)
  params: UserLeftData;
}

export class ErrorData {
  @IsString()
  message: string;
}

@Describe('A frame was refused.', envelop('error', { message: 'Conversation not found' }))
export class ErrorFrame extends ServerFrame {
  @Equals('error')
  event: 'error';

  @IsObjectOf(() => ErrorData)
  params: ErrorData;
}

export const frames: Frames = {
  about: 'Enveloped frames, for the conversations of pet owners and providers, and who is in them.',
  in: {
    conversations: ListFrame,
    message: SendFrame,
    new_conversation: NewConversationFrame,
    conversation_history: HistoryFrame,
    subscribe_conversation: SubscribeFrame,
    unsubscribe_conversation: UnsubscribeFrame,
  },
  out: {
    conversations: ConversationsFrame,
    message_sent: MessageSentFrame,
    message_updated: MessageUpdatedFrame,
    message_deleted: MessageDeletedFrame,
    message_ack: MessageAckFrame,
    conversation_created: ConversationCreatedFrame,
    new_conversation_invitation: InvitationFrame,
    conversation_history_response: HistoryResponseFrame,
    subscribed: SubscribedFrame,
    unsubscribed: UnsubscribedFrame,
    user_joined: UserJoinedFrame,
    user_left: UserLeftFrame,
    error: ErrorFrame,
  },
};

export function toMessageData(conversationId: string, message: MessageState): MessageData {
  return {
    id: message.id,
    conversation_id: conversationId,
    sender_id: message.sender.id,
    content: message.content,
    timestamp: Date.parse(message.createdAt),
  };
}

export function toConversationData(summary: ConversationSummary): ConversationData {
  return {
    id: summary.id,
    providers: summary.invitedIds,
    client: summary.createdBy,
    pet: summary.petId,
    last_message: summary.lastMessage,
    last_updated_timestamp: Date.parse(summary.lastActivityAt),
  };
}

/** A user who has come or left, in the keys that both frames have. */
export function toUserData(user: UserRef, conversation: ConversationRef, at: string): UserJoinedData {
  return {
    user_id: user.id,
    display_name: user.fullName,
    profile_image_url: user.profileImageUrl,
    conversation_id: conversation.id,
    timestamp: Date.parse(at),
  };
}
