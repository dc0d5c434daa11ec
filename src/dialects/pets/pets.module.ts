import { Module } from '@nestjs/common';
import { PresenceModule } from '../../presence/presence.module.js';
import { PetsGateway } from './pets.gateway.js';

@Module({ imports: [PresenceModule], providers: [PetsGateway] })
export class PetsDialectModule {}
