import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CurrentUser, Operation, type Page, PageQuery, type Principal } from 'parlance';
import { OpenPollDto, PollBody } from './polls.dto.js';
import { PollsService } from './polls.service.js';

@Controller('conversations/:conversation/polls')
export class PollsController {
  constructor(private readonly polls: PollsService) {}

  @Post()
  @Operation('Ask everyone in a conversation', { 201: PollBody })
  open(
    @CurrentUser() me: Principal,
    @Param('conversation') conversation: string,
    @Body() { question }: OpenPollDto,
  ): Promise<PollBody> {
    return this.polls.open(me, conversation, question);
  }

  @Get()
  @Operation('What was asked in a conversation', { 200: [PollBody] })
  list(
    @CurrentUser() me: Principal,
    @Param('conversation') conversation: string,
    @Query() query: PageQuery,
  ): Promise<Page<PollBody>> {
    return this.polls.list(me, conversation, query);
  }
}
