import { Controller, Get, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../auth/access.js';
import { notFound } from '../common/errors.js';
import type { Dialect } from '../dialects/dialect.js';
import { DialectRegistry } from '../realtime/registry.js';
import { readAbout } from '../common/about.js';
import { type AsyncApi, toAsyncApi } from './asyncapi.js';

/** The sockets' frames as AsyncAPI documents: of every dialect, and of each. */
@ApiExcludeController()
@Controller('docs')
@Public()
export class DocsController {
  private readonly about = readAbout();
  /** Made when they are first asked for: nothing in them changes. */
  private readonly documents = new Map<string, AsyncApi>();

  constructor(private readonly registry: DialectRegistry) {}

  @Get('asyncapi.json')
  all(): AsyncApi {
    return this.documentOf('all', this.registry.dialects);
  }

  @Get('asyncapi/:file')
  one(@Param('file') file: string): AsyncApi {
    const dialect = this.registry.dialects.find(({ name }) => `${name}.json` === file);
    if (!dialect) throw notFound('Document');
    return this.documentOf(file, [dialect]);
  }

  private documentOf(key: string, dialects: readonly Dialect[]): AsyncApi {
    const document = this.documents.get(key) ?? toAsyncApi(dialects, this.about);
    this.documents.set(key, document);
    return document;
  }
}
