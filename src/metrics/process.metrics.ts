import { Injectable } from '@nestjs/common';
import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics } from 'prom-client';
import { readAbout } from '../common/about.js';
import type { Instruments, MetricGroup } from './instruments.js';

/** The process: which program it is, and what it has of the machine. */
@Injectable()
export class ProcessMetrics implements MetricGroup {
  define(instruments: Instruments): void {
    const { version } = readAbout();
    instruments.gauge('parlance_build_info', 'Which version runs; always 1.', () => [[{ version }, 1]], ['version']);
    instruments.counter(
      'parlance_event_loop_active_seconds_total',
      'Time in which the event loop was at work: its rate is the part of a core that is in use.',
      () => performance.eventLoopUtilization().active / 1000,
    );
    collectDefaultMetrics({ register: instruments.registry });
  }
}
