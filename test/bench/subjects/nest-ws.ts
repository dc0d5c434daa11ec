import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import { Groups, leaveOnClose, seatOf, tellReady } from './ready.js';

/** Nest's own adapter, as its documentation has it. */
@WebSocketGateway({ perMessageDeflate: false })
class RelayGateway implements OnGatewayConnection {
  private readonly groups = new Groups<WebSocket>();
  private readonly seats = new WeakMap<WebSocket, Set<WebSocket>>();

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const group = this.groups.join(seatOf(request).group, socket);
    this.seats.set(socket, group);
    leaveOnClose(group, socket);
  }

  @SubscribeMessage('message')
  relay(@ConnectedSocket() socket: WebSocket, @MessageBody() data: object): void {
    const text = JSON.stringify({ event: 'message', data });
    for (const other of this.seats.get(socket) ?? []) if (other !== socket) other.send(text);
  }
}

@Module({ providers: [RelayGateway] })
class RelayModule {}

const app = await NestFactory.create<NestFastifyApplication>(RelayModule, new FastifyAdapter(), { logger: ['error'] });
app.useWebSocketAdapter(new WsAdapter(app));
await app.listen(0, '0.0.0.0');
tellReady(app.getHttpServer());
