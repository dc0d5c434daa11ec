import fastifyStatic from '@fastify/static';
import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PAGE_HEADERS } from '../common/http/headers.js';
import { DocsController } from './docs.controller.js';

/** Beside this file, in the sources and in the build alike. */
const PUBLIC = fileURLToPath(new URL('public/', import.meta.url));

/** Of the package that `@nestjs/swagger` brings along. */
const SWAGGER_UI = dirname(
  createRequire(createRequire(import.meta.url).resolve('@nestjs/swagger')).resolve('swagger-ui-dist/package.json'),
);
const SWAGGER_FILES = ['/swagger-ui.css', '/swagger-ui-bundle.js'];

/** The documents that are made from the code, as pages: `/docs` for REST, `/docs/async` for the sockets' frames. */
@Module({ controllers: [DocsController] })
export class DocsModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  async onModuleInit(): Promise<void> {
    const http = this.host.httpAdapter.getInstance();
    const files = { wildcard: false, cacheControl: false } as const;
    await http.register(fastifyStatic, {
      ...files,
      root: PUBLIC,
      prefix: '/docs/public/',
      setHeaders: (reply) => void reply.headers(PAGE_HEADERS),
    });
    await http.register(fastifyStatic, {
      ...files,
      root: SWAGGER_UI,
      prefix: '/docs/swagger-ui/',
      decorateReply: false,
      allowedPath: (path) => SWAGGER_FILES.includes(path),
    });
    for (const slash of ['', '/']) {
      http.get(`/docs${slash}`, (_, reply) => reply.sendFile('rest.html'));
      http.get(`/docs/async${slash}`, (_, reply) => reply.sendFile('frames.html'));
    }
  }
}
