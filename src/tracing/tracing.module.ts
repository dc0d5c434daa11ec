import { Global, Module } from '@nestjs/common';
import { TracingSettings } from '../config/settings.js';
import { ThisNode } from '../realtime/cluster/this-node.js';
import { Tracer } from '../realtime/tracer.js';
import { HttpArrivals } from './http-arrivals.js';
import { Tracing } from './tracing.js';

/** Traces of messages' lives, by OpenTelemetry. Where they are off there is no tracer, and nothing of the library is loaded. */
@Global()
@Module({
  providers: [
    {
      provide: Tracing,
      inject: [TracingSettings, ThisNode],
      useFactory: ({ url }: TracingSettings, { id }: ThisNode) => Tracing.begin(url, id),
    },
    { provide: Tracer, inject: [Tracing], useFactory: ({ tracer }: Tracing) => tracer },
    HttpArrivals,
  ],
  exports: [Tracer],
})
export class TracingModule {}
