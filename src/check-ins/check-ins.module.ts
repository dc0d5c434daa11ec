import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/users.module.js';
import { CheckInEntity } from './check-in.entity.js';
import { CheckInsController } from './check-ins.controller.js';
import { CheckInsRepository } from './check-ins.repository.js';
import { CheckInsService } from './check-ins.service.js';
import { EventSessionEntity } from './event-session.entity.js';
import { DashboardPageController } from './page/dashboard-page.controller.js';
import { DashboardPageFiles } from './page/dashboard-page.files.js';
import { DashboardPage } from './page/dashboard-page.js';

/** Event sessions, and who has checked in to them. */
@Module({
  imports: [UsersModule, TypeOrmModule.forFeature([EventSessionEntity, CheckInEntity])],
  controllers: [CheckInsController, DashboardPageController],
  providers: [CheckInsService, CheckInsRepository, DashboardPage, DashboardPageFiles],
  exports: [CheckInsService],
})
export class CheckInsModule {}
