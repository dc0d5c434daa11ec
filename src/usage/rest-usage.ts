import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { productOf } from '../common/http/product.js';
import type { Principal } from '../common/principal.js';
import { OldWay } from '../realtime/connection-usage.js';
import { UsageTally } from '../realtime/usage-tally.js';

const DIALECT = 'rest';
const PREFIX = '/api/v1/';

/** Counts the requests of the REST API, as frames of a dialect of that name. */
@Injectable()
export class RestUsage implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly tally: UsageTally,
  ) {}

  onModuleInit(): void {
    const http = this.host.httpAdapter.getInstance<FastifyInstance>();
    http.addHook('onResponse', (request, _reply, done) => {
      if (request.routeOptions.url?.startsWith(PREFIX)) this.count(request);
      done();
    });
  }

  private count(request: FastifyRequest & { principal?: Principal }): void {
    const client = productOf(request.headers['user-agent']);
    const add = (what: string): void => this.tally.add({ dialect: DIALECT, client, what, count: 1 });
    add('received');
    const { way } = request.routeOptions.config as { readonly way?: string };
    if (way) add(way);
    if (request.principal && request.headers.authorization === undefined) add(OldWay.USER_EMAIL);
  }
}
