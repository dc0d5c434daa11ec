import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PetsModule } from '../pets/pets.module.js';
import { ConversationAccess } from '../realtime/ports.js';
import { UsersModule } from '../users/users.module.js';
import { ChannelsController } from './channels.controller.js';
import { ConsultationsService } from './consultations.service.js';
import { ConversationDirectory } from './conversation-directory.js';
import { ConversationLookups } from './conversation-lookups.js';
import { ConversationEntity } from './conversation.entity.js';
import { ConversationStarter } from './conversation-starter.js';
import { ConversationSummariesRepository } from './conversation-summaries.repository.js';
import { StoredConversationAccess } from './conversations.access.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsRepository } from './conversations.repository.js';
import { ConversationsService } from './conversations.service.js';
import { ParticipantEntity } from './participant.entity.js';

/** Who talks with whom, and who may listen. */
@Global()
@Module({
  imports: [PetsModule, UsersModule, TypeOrmModule.forFeature([ConversationEntity, ParticipantEntity])],
  controllers: [ConversationsController, ChannelsController],
  providers: [
    ConversationsService,
    ConversationsRepository,
    ConsultationsService,
    ConversationSummariesRepository,
    ConversationDirectory,
    ConversationLookups,
    ConversationStarter,
    { provide: ConversationAccess, useClass: StoredConversationAccess },
  ],
  exports: [ConversationsService, ConsultationsService, ConversationAccess],
})
export class ConversationsModule {}
