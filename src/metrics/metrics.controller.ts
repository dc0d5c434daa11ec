import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Public } from '../auth/access.js';
import { MetricsGuard } from './metrics.guard.js';
import { Metrics } from './metrics.js';

/** What Prometheus asks each node for. */
@ApiExcludeController()
@Controller('metrics')
@Public()
@UseGuards(MetricsGuard)
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @Header('cache-control', 'no-store')
  read(): Promise<string> {
    return this.metrics.read();
  }
}
