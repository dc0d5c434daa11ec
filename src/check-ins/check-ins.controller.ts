import { Body, Controller, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentUser, Roles } from '../auth/access.js';
import { Operation } from '../common/http/operation.js';
import { type Page, PageQuery } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { CheckInBody, presentCheckIn } from './check-in.presenter.js';
import { CheckInDto, CreateSessionDto } from './check-ins.dto.js';
import { CheckInsService } from './check-ins.service.js';
import { DashboardBody } from './dashboard.presenter.js';
import { EventSessionBody, presentEventSession } from './event-session.presenter.js';

@Controller('sessions')
export class CheckInsController {
  constructor(private readonly checkIns: CheckInsService) {}

  @Post()
  @Roles('host', 'admin')
  @Operation('Create an event session', { 201: EventSessionBody })
  async createSession(@CurrentUser() me: Principal, @Body() session: CreateSessionDto): Promise<EventSessionBody> {
    return presentEventSession(await this.checkIns.createSession(me, session));
  }

  @Get(':id')
  @Roles('host', 'admin')
  @Operation('An event session', { 200: EventSessionBody })
  async getSession(@CurrentUser() me: Principal, @Param('id') id: string): Promise<EventSessionBody> {
    return presentEventSession(await this.checkIns.getSession(me, id));
  }

  @Post(':id/check-ins')
  @Operation('Check in; a second time is refused', { 201: CheckInBody, 409: CheckInBody })
  async checkIn(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body() { user_id }: CheckInDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CheckInBody> {
    const checkIn = await this.checkIns.checkIn(me, id, user_id);
    reply.status(checkIn.success ? HttpStatus.CREATED : HttpStatus.CONFLICT);
    return presentCheckIn(checkIn);
  }

  @Get(':id/check-ins')
  @Roles('host', 'admin')
  @Operation('A session’s check-ins, refused ones too', { 200: [CheckInBody] })
  list(@CurrentUser() me: Principal, @Param('id') id: string, @Query() query: PageQuery): Promise<Page<CheckInBody>> {
    return this.checkIns.list(me, id, query);
  }

  @Get(':id/dashboard')
  @Roles('host', 'admin')
  @Operation('How a session’s check-ins go', { 200: DashboardBody })
  dashboard(@CurrentUser() me: Principal, @Param('id') id: string): Promise<DashboardBody> {
    return this.checkIns.dashboard(me, id);
  }
}
