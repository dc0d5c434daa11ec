import { Module } from '@nestjs/common';
import { PresenceModule } from '../../presence/presence.module.js';
import { TribeGateway } from './tribe.gateway.js';

@Module({ imports: [PresenceModule], providers: [TribeGateway] })
export class TribeModule {}
