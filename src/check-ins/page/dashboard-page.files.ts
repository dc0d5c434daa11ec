import fastifyStatic from '@fastify/static';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { fileURLToPath } from 'node:url';
import { FILE_HEADERS } from './dashboard-page.headers.js';

/** Beside this file, in the sources and in the build alike. */
const PUBLIC = fileURLToPath(new URL('public/', import.meta.url));

/** What the page runs and wears, at `/dashboard/`; and the page's address as people type it. */
@Injectable()
export class DashboardPageFiles implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  async onModuleInit(): Promise<void> {
    const server = this.host.httpAdapter.getInstance();
    await server.register(fastifyStatic, {
      root: PUBLIC,
      prefix: '/dashboard/',
      wildcard: false,
      decorateReply: false,
      cacheControl: false,
      setHeaders: (reply) => void reply.headers(FILE_HEADERS),
    });
    server.get('/sessions/:id/dashboard.html', (request, reply) => reply.redirect(`/api/v1${request.url}`));
  }
}
