import { Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Tracer } from '../realtime/tracer.js';

/** Makes requests arrivals, as frames are. */
@Injectable()
export class HttpArrivals implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    @Optional() private readonly tracer?: Tracer,
  ) {}

  onModuleInit(): void {
    const { tracer } = this;
    if (!tracer) return;
    // After the body is read: what reads it goes on in another asynchronous context than a hook before it has made.
    this.host.httpAdapter.getInstance().addHook('preValidation', ({ method, routeOptions, headers }, reply, done) => {
      const route = routeOptions.url ?? '';
      const attributes = { 'http.request.method': method, 'http.route': route };
      const at = performance.now() - reply.elapsedTime;
      tracer.arrive({ name: `${method} ${route}`, attributes, at, headers }, done);
    });
  }
}
