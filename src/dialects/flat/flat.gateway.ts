import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { invalid } from '../../common/errors.js';
import { MessagesService } from '../../messages/messages.service.js';
import type { ConversationRef } from '../../realtime/events.js';
import type { Entry } from '../../realtime/room.js';
import type { Connection } from '../../realtime/connection.js';
import { DialectGateway } from '../../realtime/dialect-gateway.js';
import { offsetKey } from '../../realtime/resuming.js';
import { type AckFrame, ResumeFrame, type ResumedFrame, SendFrame, toMessageData } from './flat.frames.js';
import { flat } from './flat.presenter.js';

/** What `flat` clients send. */
@DialectGateway(flat)
export class FlatGateway {
  constructor(private readonly messages: MessagesService) {}

  @SubscribeMessage('message')
  message(@ConnectedSocket() connection: Connection, @MessageBody() frame: SendFrame): void {
    connection.track(this.send(connection, frame), frame);
  }

  @SubscribeMessage('resume')
  async resume(@ConnectedSocket() connection: Connection, @MessageBody() frame: ResumeFrame): Promise<void> {
    if (!connection.extensions.resume) throw invalid('resume is an extension that this connection did not ask for');
    const answer = ({ id }: ConversationRef, entry: Entry): void =>
      connection.send({ event: 'resumed', conversation_id: id, ...entry } satisfies ResumedFrame);
    await connection.subscriptions.enter(frame.conversation_id, answer, frame);
  }

  private async send(connection: Connection, frame: SendFrame): Promise<AckFrame | undefined> {
    const sent = await this.messages.send(connection.principal, {
      conversation: frame.conversation_id,
      content: frame.content,
      messageType: frame.type,
      clientMessageId: frame.client_message_id,
      origin: connection.id,
    });
    if (!connection.extensions.ack) return undefined;
    return {
      event: 'ack',
      client_message_id: sent.message.clientMessageId,
      message: toMessageData(sent),
      ...offsetKey(connection.extensions, sent.offset),
    };
  }
}
