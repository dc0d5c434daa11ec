import fastifyStatic from '@fastify/static';
import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { fileURLToPath } from 'node:url';
import { PAGE_HEADERS } from '../common/http/headers.js';

/** A page's, and that no text can become HTML or script, whatever the page does with it. */
const HEADERS = {
  ...PAGE_HEADERS,
  'content-security-policy': `${PAGE_HEADERS['content-security-policy']}; require-trusted-types-for 'script'`,
};

/** Of files whose names have a hash of their content: a new one has a new name. */
const HASHED_FILE_HEADERS = { ...HEADERS, 'cache-control': 'public, max-age=31536000, immutable' };

/** What `app/` is built into: beside this file, in the sources and in the build alike. */
const PUBLIC = fileURLToPath(new URL('public/', import.meta.url));

/** The web console at `/`: the test client that `channels.md` promises, for all of the dialects side by side. */
@Module({})
export class ConsoleModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  /** Serves each file of `public/` at its own route, so that an unknown address still gets the API's 404. */
  async onModuleInit(): Promise<void> {
    await this.host.httpAdapter.getInstance().register(fastifyStatic, {
      root: PUBLIC,
      wildcard: false,
      decorateReply: false,
      cacheControl: false,
      setHeaders: (reply, path) =>
        void reply.headers(path.startsWith(`${PUBLIC}assets/`) ? HASHED_FILE_HEADERS : HEADERS),
    });
  }
}
