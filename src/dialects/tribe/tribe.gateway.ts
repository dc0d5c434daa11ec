import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { PresenceService } from '../../presence/presence.service.js';
import type { ConversationRef } from '../../realtime/events.js';
import type { Entry } from '../../realtime/room.js';
import type { Connection } from '../../realtime/connection.js';
import { DialectGateway } from '../../realtime/dialect-gateway.js';
import type { HandshakeHook } from '../../realtime/registry.js';
import { resumeKeys, sinceOf } from '../../realtime/resuming.js';
import {
  type ConnectedFrame,
  type PongFrame,
  PresenceFrame,
  type SubscribedFrame,
  SubscribeFrame,
  TypingFrame,
  UnsubscribeFrame,
} from './tribe.frames.js';
import { tribe } from './tribe.presenter.js';

/** What `tribe` clients send. */
@DialectGateway(tribe)
export class TribeGateway implements HandshakeHook {
  constructor(private readonly presence: PresenceService) {}

  onHandshake(connection: Connection): void {
    connection.send({ event: 'connected', message: 'WebSocket connection established' } satisfies ConnectedFrame);
  }

  @SubscribeMessage('subscribe')
  async subscribe(@ConnectedSocket() connection: Connection, @MessageBody() frame: SubscribeFrame): Promise<void> {
    const { subscriptions, extensions } = connection;
    if (frame.channel === undefined) connection.usage.note('subscribe-without-channel');
    const answer = ({ id }: ConversationRef, entry: Entry): void =>
      connection.send({
        event: 'subscribed',
        conversation_id: id,
        ...resumeKeys(extensions, entry),
      } satisfies SubscribedFrame);
    await subscriptions.enter(frame.conversation_id, answer, { since: sinceOf(extensions, frame) });
  }

  @SubscribeMessage('unsubscribe')
  async unsubscribe(@ConnectedSocket() connection: Connection, @MessageBody() frame: UnsubscribeFrame): Promise<void> {
    const conversation = await connection.subscriptions.reach(frame.conversation_id);
    connection.subscriptions.leave(conversation.id);
  }

  @SubscribeMessage('typing')
  async typing(@ConnectedSocket() connection: Connection, @MessageBody() frame: TypingFrame): Promise<void> {
    const conversation = await connection.subscriptions.reach(frame.conversation_id);
    this.presence.typing(connection.principal, conversation, frame.is_typing, connection.id);
  }

  @SubscribeMessage('presence')
  async setPresence(@ConnectedSocket() connection: Connection, @MessageBody() frame: PresenceFrame): Promise<void> {
    await this.presence.announce(connection.principal, frame.status);
  }

  @SubscribeMessage('ping')
  ping(): PongFrame {
    return { event: 'pong' };
  }
}
