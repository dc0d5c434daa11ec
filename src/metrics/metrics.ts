import { Injectable } from '@nestjs/common';
import { BusMetrics } from './bus.metrics.js';
import { DatabaseMetrics } from './database.metrics.js';
import { HandshakesMetrics } from './handshakes.metrics.js';
import { Instruments } from './instruments.js';
import { MessagesMetrics } from './messages.metrics.js';
import { ProcessMetrics } from './process.metrics.js';
import { TrafficMetrics } from './traffic.metrics.js';

/** All metrics of this node (`docs/metrics.md`). */
@Injectable()
export class Metrics {
  private readonly instruments = new Instruments();

  constructor(
    traffic: TrafficMetrics,
    handshakes: HandshakesMetrics,
    messages: MessagesMetrics,
    bus: BusMetrics,
    database: DatabaseMetrics,
    process: ProcessMetrics,
  ) {
    for (const group of [traffic, handshakes, messages, bus, database, process]) group.define(this.instruments);
  }

  /** In Prometheus's text format. */
  read(): Promise<string> {
    return this.instruments.registry.metrics();
  }
}
