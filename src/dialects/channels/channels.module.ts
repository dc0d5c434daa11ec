import { Module } from '@nestjs/common';
import { ChannelsController } from './channels.controller.js';
import { ChannelsGateway } from './channels.gateway.js';

@Module({ controllers: [ChannelsController], providers: [ChannelsGateway] })
export class ChannelsModule {}
