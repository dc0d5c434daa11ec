import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { ConsultationsService } from '../../conversations/consultations.service.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import { MessagesService, type SentMessage } from '../../messages/messages.service.js';
import { Occupancy } from '../../presence/occupancy.js';
import type { ConversationRef } from '../../realtime/events.js';
import type { Entry } from '../../realtime/room.js';
import type { Connection } from '../../realtime/connection.js';
import { DialectGateway } from '../../realtime/dialect-gateway.js';
import { ConversationAccess } from '../../realtime/ports.js';
import type { HandshakeHook } from '../../realtime/registry.js';
import { offsetKey, resumeKeys, sinceOf } from '../../realtime/resuming.js';
import {
  type ConversationCreatedFrame,
  type ConversationsFrame,
  envelop,
  HistoryParams,
  type HistoryResponseFrame,
  type MessageAckFrame,
  NewConversationParams,
  SendParams,
  type SubscribedFrame,
  SubscribeParams,
  toConversationData,
  toMessageData,
  type UnsubscribedFrame,
  UnsubscribeParams,
} from './pets.frames.js';
import { pets } from './pets.presenter.js';

/** What `pets` clients send. */
@DialectGateway(pets)
export class PetsGateway implements HandshakeHook {
  constructor(
    private readonly access: ConversationAccess,
    private readonly conversations: ConversationsService,
    private readonly consultations: ConsultationsService,
    private readonly messages: MessagesService,
    private readonly occupancy: Occupancy,
  ) {}

  /** Whatever the connection enters, by itself or by its frames, its user is in; others are told. */
  onHandshake(connection: Connection): void {
    connection.subscriptions.observe({
      entered: (conversation) => this.occupancy.enter(connection.principal, conversation),
      left: (conversation) => {
        const reason = connection.isEnded ? 'disconnected' : 'unsubscribed';
        this.occupancy.leave(connection.principal, conversation, reason);
      },
    });
  }

  @SubscribeMessage('conversations')
  async list(@ConnectedSocket() connection: Connection): Promise<ConversationsFrame> {
    const summaries = await this.conversations.listSummaries(connection.principal);
    return envelop('conversations', summaries.map(toConversationData));
  }

  @SubscribeMessage('message')
  async message(
    @ConnectedSocket() connection: Connection,
    @MessageBody('params') params: SendParams,
  ): Promise<MessageAckFrame | undefined> {
    const conversation = await this.access.locate(params.conversation_id);
    if (!conversation || !connection.subscriptions.hears(conversation.id)) {
      return this.sendAndSubscribe(connection, params);
    }
    const sending = this.send(connection, params);
    connection.track(
      sending.then((sent) => acknowledge(connection, sent)),
      params,
    );
  }

  @SubscribeMessage('new_conversation')
  async create(
    @ConnectedSocket() connection: Connection,
    @MessageBody('params') params: NewConversationParams,
  ): Promise<ConversationCreatedFrame> {
    const request = {
      petId: params.pet_id.toLowerCase(),
      providerIds: params.providers.map((id) => id.toLowerCase()),
    };
    const consultation = await this.consultations.start(connection.principal, request, connection.id);
    return envelop('conversation_created', toConversationData(consultation));
  }

  @SubscribeMessage('conversation_history')
  async history(
    @ConnectedSocket() connection: Connection,
    @MessageBody('params') { conversation_id: name, page, limit }: HistoryParams,
  ): Promise<HistoryResponseFrame> {
    const conversation = await connection.subscriptions.enter(name, () => {});
    const { messages, total, hasMore } = await this.messages.numberedPage(connection.principal, name, page, limit);
    return envelop('conversation_history_response', {
      messages: messages.map((message) => toMessageData(conversation.id, message)),
      total_count: total,
      has_more: hasMore,
    });
  }

  @SubscribeMessage('subscribe_conversation')
  async subscribe(
    @ConnectedSocket() connection: Connection,
    @MessageBody('params') params: SubscribeParams,
  ): Promise<void> {
    const { subscriptions, extensions } = connection;
    const answer = ({ id }: ConversationRef, entry: Entry): void => {
      const resumption = resumeKeys(extensions, entry);
      connection.send(
        envelop('subscribed', { conversation_id: id, status: 'success', ...resumption }) satisfies SubscribedFrame,
      );
    };
    await subscriptions.enter(params.conversation_id, answer, { since: sinceOf(extensions, params) });
  }

  @SubscribeMessage('unsubscribe_conversation')
  async unsubscribe(
    @ConnectedSocket() connection: Connection,
    @MessageBody('params') params: UnsubscribeParams,
  ): Promise<UnsubscribedFrame> {
    const conversation = await connection.subscriptions.reach(params.conversation_id);
    connection.subscriptions.leave(conversation.id);
    return envelop('unsubscribed', { conversation_id: conversation.id, status: 'success' });
  }

  /** Subscribes once it is sent, from just before it: the sender hears it, and nothing after it is missed. */
  private async sendAndSubscribe(connection: Connection, params: SendParams): Promise<MessageAckFrame | undefined> {
    const sent = await this.send(connection, params);
    const since = sent.repeated ? undefined : sent.offset - 1;
    await connection.subscriptions.enter(sent.conversation.id, () => {}, { since });
    return acknowledge(connection, sent);
  }

  private send(connection: Connection, params: SendParams): Promise<SentMessage> {
    return this.messages.send(connection.principal, {
      conversation: params.conversation_id,
      content: params.content,
      clientMessageId: params.client_message_id,
      origin: connection.id,
    });
  }
}

/** With the extension `ack`: the message is stored. */
function acknowledge(
  { extensions }: Connection,
  { conversation, message, offset }: SentMessage,
): MessageAckFrame | undefined {
  if (!extensions.ack) return undefined;
  const params = {
    client_message_id: message.clientMessageId,
    message: toMessageData(conversation.id, message),
  };
  return { ...envelop('message_ack', params), ...offsetKey(extensions, offset) };
}
