import { Module } from '@nestjs/common';
import { PresenceModule } from '../../presence/presence.module.js';
import { UsersModule } from '../../users/users.module.js';
import { SocketIoGateway } from './socketio.gateway.js';
import { SocketIoServer } from './socketio.server.js';

@Module({ imports: [PresenceModule, UsersModule], providers: [SocketIoGateway, SocketIoServer] })
export class SocketIoModule {}
