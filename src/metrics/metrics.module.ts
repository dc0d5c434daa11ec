import { Module } from '@nestjs/common';
import { BusMetrics } from './bus.metrics.js';
import { DatabaseMetrics } from './database.metrics.js';
import { HandshakesMetrics } from './handshakes.metrics.js';
import { MessagesMetrics } from './messages.metrics.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';
import { ProcessMetrics } from './process.metrics.js';
import { TrafficMetrics } from './traffic.metrics.js';

/** What operators watch, for Prometheus. */
@Module({
  controllers: [MetricsController],
  providers: [Metrics, TrafficMetrics, HandshakesMetrics, MessagesMetrics, BusMetrics, DatabaseMetrics, ProcessMetrics],
})
export class MetricsModule {}
