import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../auth/access.js';
import { PAGE_HEADERS } from './dashboard-page.headers.js';
import { DashboardPage } from './dashboard-page.js';

@Public()
@Controller('sessions')
export class DashboardPageController {
  constructor(private readonly page: DashboardPage) {}

  @Get(':id/dashboard.html')
  @ApiOperation({ summary: 'The dashboard as a page for a big screen' })
  @ApiOkResponse({ description: 'Done', content: { 'text/html': { schema: { type: 'string' } } } })
  async show(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const html = await this.page.render(id);
    reply.headers(PAGE_HEADERS); // not those of a refusal, which is JSON
    return html;
  }
}
