import { Module } from '@nestjs/common';
import { Occupancy } from './occupancy.js';
import { PresenceService } from './presence.service.js';

/** Who is here, and who is typing. */
@Module({ providers: [PresenceService, Occupancy], exports: [PresenceService, Occupancy] })
export class PresenceModule {}
