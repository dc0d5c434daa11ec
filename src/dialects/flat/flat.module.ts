import { Module } from '@nestjs/common';
import { MessagesModule } from '../../messages/messages.module.js';
import { FlatGateway } from './flat.gateway.js';

@Module({ imports: [MessagesModule], providers: [FlatGateway] })
export class FlatModule {}
