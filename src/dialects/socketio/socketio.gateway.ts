import type { ConversationRef } from '../../realtime/events.js';
import type { Entry } from '../../realtime/room.js';
import { Ack, ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { invalid } from '../../common/errors.js';
import type { Principal } from '../../common/principal.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import { MessagesService, type Outgoing } from '../../messages/messages.service.js';
import { PresenceService } from '../../presence/presence.service.js';
import type { Connection, Reply } from '../../realtime/connection.js';
import { DialectGateway } from '../../realtime/dialect-gateway.js';
import { ConversationAccess } from '../../realtime/ports.js';
import { resumeKeys, sinceOf } from '../../realtime/resuming.js';
import { UsersService } from '../../users/users.service.js';
import {
  JoinConversationFrame,
  LeaveConversationFrame,
  MarkReadFrame,
  SendMessageFrame,
  toMessageData,
  TypingFrame,
} from './socketio.frames.js';
import { socketio } from './socketio.presenter.js';

/** What `socketio` clients emit; an acknowledgement callback, where they pass one, is called with what became of it. */
@DialectGateway(socketio)
export class SocketIoGateway {
  constructor(
    private readonly access: ConversationAccess,
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly presence: PresenceService,
    private readonly users: UsersService,
  ) {}

  @SubscribeMessage('join_conversation')
  async join(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: JoinConversationFrame,
    @Ack() reply?: Reply,
  ): Promise<void> {
    const { subscriptions, extensions } = connection;
    const answer = (_: ConversationRef, entry: Entry): void => reply?.({ ok: true, ...resumeKeys(extensions, entry) });
    await subscriptions.enter(frame.conversationId, answer, { since: sinceOf(extensions, frame) });
  }

  @SubscribeMessage('leave_conversation')
  async leave(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: LeaveConversationFrame,
    @Ack() reply?: Reply,
  ): Promise<void> {
    const conversation = await connection.subscriptions.reach(frame.conversationId);
    connection.subscriptions.leave(conversation.id);
    reply?.({ ok: true });
  }

  @SubscribeMessage('send_message')
  async sendMessage(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: SendMessageFrame,
    @Ack() reply?: Reply,
  ): Promise<void> {
    const addressed = await this.address(connection.principal, frame);
    connection.track(this.send(connection, frame, addressed, reply), frame, reply);
  }

  @SubscribeMessage('mark_read')
  async markRead(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: MarkReadFrame,
    @Ack() reply?: Reply,
  ): Promise<void> {
    await this.conversations.read(connection.principal, frame.conversationId, undefined, connection.id);
    reply?.({ ok: true });
  }

  @SubscribeMessage('typing_start')
  startTyping(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: TypingFrame,
    @Ack() reply?: Reply,
  ): Promise<void> {
    return this.type(connection, frame, true, reply);
  }

  @SubscribeMessage('typing_stop')
  stopTyping(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: TypingFrame,
    @Ack() reply?: Reply,
  ): Promise<void> {
    return this.type(connection, frame, false, reply);
  }

  private async type(
    connection: Connection,
    { conversationId }: TypingFrame,
    isTyping: boolean,
    reply: Reply | undefined,
  ): Promise<void> {
    const conversation = await connection.subscriptions.reach(conversationId);
    this.presence.typing(connection.principal, conversation, isTyping, connection.id);
    reply?.({ ok: true });
  }

  /** Where a message goes and, where that does not say it, to whom: the direct conversation is the one with `toUserId`. */
  private async address(
    principal: Principal,
    { conversationId, toUserId }: SendMessageFrame,
  ): Promise<Pick<Outgoing, 'conversation' | 'addresseeId'>> {
    if (conversationId == null) {
      if (toUserId == null) throw invalid('conversationId or toUserId is required');
      return { conversation: await this.conversations.directWith(principal, toUserId) };
    }
    const known = await this.access.locate(conversationId);
    if (toUserId == null || known?.kind === 'direct') return { conversation: known ?? conversationId };
    // Asked first, so that what is answered to a wrong `toUserId` tells nothing of conversations of others.
    const conversation = await this.access.admitOrCreateChannel(principal, conversationId);
    return { conversation, addresseeId: (await this.users.get(toUserId)).id };
  }

  private async send(
    connection: Connection,
    { content, client_message_id: clientMessageId }: SendMessageFrame,
    addressed: Pick<Outgoing, 'conversation' | 'addresseeId'>,
    reply: Reply | undefined,
  ): Promise<undefined> {
    const origin = connection.id;
    const sent = await this.messages.send(connection.principal, { ...addressed, content, clientMessageId, origin });
    reply?.({ ok: true, message: toMessageData(sent, connection.extensions) });
  }
}
