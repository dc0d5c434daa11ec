import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { Module, UsePipes, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
  type WsResponse,
} from '@nestjs/websockets';
import { IsString, IsUUID, Length } from 'class-validator';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Repository } from 'typeorm';
import type { WebSocket } from 'ws';
import { Groups, leaveOnClose, seatOf, tellReady } from './ready.js';

@Entity('messages')
class MessageEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'conversation_id' })
  conversationId: string;

  @Column('uuid', { name: 'sender_id' })
  senderId: string;

  @Column('text')
  content: string;

  @CreateDateColumn({ name: 'created_at' })
  createdAt: Date;
}

class SendMessage {
  @IsUUID()
  conversation_id: string;

  @IsString()
  @Length(1, 4000)
  content: string;
}

interface Seat {
  readonly user: string;
  readonly group: Set<WebSocket>;
}

/** A gateway as most are written: a pipe that validates, an insert a message, a `send` to each. */
@WebSocketGateway({ perMessageDeflate: false })
@UsePipes(new ValidationPipe({ whitelist: true, transform: true }))
class ChatGateway implements OnGatewayConnection {
  private readonly groups = new Groups<WebSocket>();
  private readonly seats = new WeakMap<WebSocket, Seat>();

  constructor(@InjectRepository(MessageEntity) private readonly messages: Repository<MessageEntity>) {}

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const { group: name, user } = seatOf(request);
    const group = this.groups.join(name, socket);
    this.seats.set(socket, { user, group });
    leaveOnClose(group, socket);
  }

  @SubscribeMessage('message')
  async send(@ConnectedSocket() socket: WebSocket, @MessageBody() frame: SendMessage): Promise<WsResponse<object>> {
    const { user, group } = this.seats.get(socket)!;
    const message = this.messages.create({
      conversationId: frame.conversation_id,
      senderId: user,
      content: frame.content,
    });
    await this.messages.insert(message);
    const data = {
      id: message.id,
      conversation_id: message.conversationId,
      sender_id: message.senderId,
      content: message.content,
      created_at: message.createdAt,
    };
    const text = JSON.stringify({ event: 'message', data });
    for (const other of group) if (other !== socket) other.send(text);
    return { event: 'ack', data };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.DATABASE_URL!,
      entities: [MessageEntity],
      synchronize: true,
      poolSize: 10,
    }),
    TypeOrmModule.forFeature([MessageEntity]),
  ],
  providers: [ChatGateway],
})
class ChatModule {}

const app = await NestFactory.create<NestFastifyApplication>(ChatModule, new FastifyAdapter(), { logger: ['error'] });
app.useWebSocketAdapter(new WsAdapter(app));
await app.listen(0, '0.0.0.0');
tellReady(app.getHttpServer());
