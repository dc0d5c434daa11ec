import type { OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { Tracer } from '../realtime/tracer.js';

/** Milliseconds that the collector may take for what is left when the server stops. */
const FAREWELL = 2_000;

/** Whether traces are made, from the start of the server to its end. */
export class Tracing implements OnApplicationShutdown {
  private constructor(
    /** None where they are off. */
    readonly tracer: Tracer | undefined,
    private readonly end: () => Promise<void>,
  ) {}

  /** @param url where the collector takes them; unset: they are off */
  static async begin(url: string | undefined, node: string): Promise<Tracing> {
    if (url === undefined) return new this(undefined, async () => {});
    const { exportTo } = await import('./exporting.js');
    const { OpenTelemetryTracer } = await import('./open-telemetry.tracer.js');
    const provider = exportTo(url, node);
    return new this(new OpenTelemetryTracer(provider.getTracer('parlance')), () => provider.shutdown());
  }

  /** By now everything has ended that a span is of. A collector that is away does not keep the server. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.race([this.end().catch(() => {}), delay(FAREWELL, undefined, { ref: false })]);
  }
}
