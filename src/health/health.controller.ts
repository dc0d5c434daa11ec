import { Controller, Get } from '@nestjs/common';
import { HealthCheck, type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { Public } from '../auth/access.js';
import { Operation } from '../common/http/operation.js';
import { DatabaseIndicator } from './database.indicator.js';
import { LeavingIndicator } from './leaving.indicator.js';

@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly database: DatabaseIndicator,
    private readonly leaving: LeavingIndicator,
  ) {}

  /** Whether the process answers; where it does not, it is to be restarted. */
  @Get('live')
  @HealthCheck()
  @Operation('Whether the process answers', {})
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** Whether to send it work: the database could store something, and it is not about to leave. */
  @Get('ready')
  @HealthCheck()
  @Operation('Whether to send it work', {})
  ready(): Promise<HealthCheckResult> {
    return this.health.check([() => this.leaving.check('server'), () => this.database.check('database')]);
  }
}
