import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { EventLoopDelayBody } from './admin.presenter.js';

/** Milliseconds between two looks at the clock. */
const RESOLUTION = 20;
/** Milliseconds after which what was seen is forgotten. */
const PERIOD = 60_000;

/** How late this process's event loop is. */
@Injectable()
export class EventLoop implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  private timer: NodeJS.Timeout | undefined;

  onApplicationBootstrap(): void {
    this.histogram.enable();
    this.timer = setInterval(() => this.histogram.reset(), PERIOD).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.histogram.disable();
  }

  /** Milliseconds, since the minute began. */
  get delay(): EventLoopDelayBody {
    if (this.histogram.count === 0) return { p50: 0, p99: 0, max: 0 };
    const { histogram } = this;
    return {
      p50: delayOf(histogram.percentile(50)),
      p99: delayOf(histogram.percentile(99)),
      max: delayOf(histogram.max),
    };
  }
}

/** What was measured, in nanoseconds, is the time between two looks. */
function delayOf(nanoseconds: number): number {
  return Math.max(0, Math.round(nanoseconds / 1e5 - RESOLUTION * 10) / 10);
}
