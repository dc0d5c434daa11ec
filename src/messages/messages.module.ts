import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChangeLog } from '../realtime/ports.js';
import { StoredChangeLog } from './change-log.js';
import { MessageEntity } from './message.entity.js';
import { MessageWriter } from './message-writer.js';
import { MessagesController } from './messages.controller.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { RecentOrigins } from './recent-origins.js';

/** What is said in conversations, in its order. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([MessageEntity])],
  controllers: [MessagesController],
  providers: [
    MessagesService,
    MessagesRepository,
    MessageWriter,
    RecentOrigins,
    { provide: ChangeLog, useClass: StoredChangeLog },
  ],
  exports: [MessagesService, ChangeLog],
})
export class MessagesModule {}
