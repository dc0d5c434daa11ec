import { Module } from '@nestjs/common';
import { RestUsage } from './rest-usage.js';
import { UsageController } from './usage.controller.js';
import { UsageRecorder } from './usage.recorder.js';
import { UsageRepository } from './usage.repository.js';
import { UsageService } from './usage.service.js';

/** Who uses what, by day: so that an operator sees whom a change would leave behind. */
@Module({
  controllers: [UsageController],
  providers: [UsageService, UsageRecorder, UsageRepository, RestUsage],
})
export class UsageModule {}
