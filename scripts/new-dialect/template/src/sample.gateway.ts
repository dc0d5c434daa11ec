import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { type Connection, DialectGateway, MessagesService } from 'parlance';
import { SayFrame, type StoredFrame } from './sample.frames.js';
import { sampleDialect } from './sample.presenter.js';

/** What clients of `sample` send. */
@DialectGateway(sampleDialect)
export class SampleGateway {
  constructor(private readonly messages: MessagesService) {}

  @SubscribeMessage('say')
  say(@ConnectedSocket() connection: Connection, @MessageBody() frame: SayFrame): void {
    connection.track(this.send(connection, frame), frame);
  }

  private async send({ id, principal }: Connection, frame: SayFrame): Promise<StoredFrame> {
    const outgoing = { conversation: frame.conversation, content: frame.text, origin: id };
    const { conversation, message } = await this.messages.send(principal, outgoing);
    return { type: 'stored', conversation: conversation.id, id: message.id };
  }
}
