import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DatabaseIndicator } from './database.indicator.js';
import { HealthController } from './health.controller.js';
import { LeavingIndicator } from './leaving.indicator.js';

/** What balancers and supervisors ask. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [DatabaseIndicator, LeavingIndicator],
  exports: [LeavingIndicator],
})
export class HealthModule {}
