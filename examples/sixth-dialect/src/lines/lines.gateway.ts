import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { type Connection, DialectGateway, MessagesService, offsetKey, sinceOf } from 'parlance';
import { type JoinedFrame, JoinFrame, type OkFrame, SayFrame } from './lines.frames.js';
import { lines, nameOf } from './lines.presenter.js';

/** What `lines` clients send. */
@DialectGateway(lines)
export class LinesGateway {
  constructor(private readonly messages: MessagesService) {}

  @SubscribeMessage('JOIN')
  async join(@ConnectedSocket() connection: Connection, @MessageBody() frame: JoinFrame): Promise<void> {
    const { subscriptions, extensions } = connection;
    const options = { since: sinceOf(extensions, frame), createChannel: true };
    await subscriptions.enter(
      frame.conversation,
      (conversation, { offset }) => {
        const answer: JoinedFrame = { event: 'JOINED', conversation: nameOf(conversation) };
        connection.send({ ...answer, ...offsetKey(extensions, offset) });
      },
      options,
    );
  }

  @SubscribeMessage('SAY')
  say(@ConnectedSocket() connection: Connection, @MessageBody() frame: SayFrame): void {
    connection.track(this.send(connection, frame), frame);
  }

  private async send({ id, principal }: Connection, frame: SayFrame): Promise<OkFrame> {
    const outgoing = { conversation: frame.conversation, content: frame.text, origin: id };
    const { conversation, message } = await this.messages.send(principal, outgoing);
    return { event: 'OK', conversation: nameOf(conversation), seq: message.seq };
  }
}
