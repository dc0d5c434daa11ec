import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PollEntity } from './poll.entity.js';
import { PollsController } from './polls.controller.js';
import { PollsService } from './polls.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([PollEntity])],
  controllers: [PollsController],
  providers: [PollsService],
})
export class PollsModule {}
