import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { AllowUserEmail, CurrentUser } from '../auth/access.js';
import { Operation } from '../common/http/operation.js';
import { type Page, PageQuery } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { ConversationBody } from './conversation.presenter.js';
import { CreateChannelDto } from './conversations.dto.js';
import { ConversationsService } from './conversations.service.js';

@Controller('channels')
@AllowUserEmail()
export class ChannelsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Post()
  @Operation('Create a channel', { 201: ConversationBody, 409: 'The slug is taken' })
  create(@CurrentUser() me: Principal, @Body() body: CreateChannelDto): Promise<ConversationBody> {
    return this.conversations.createChannel(me, body);
  }

  @Get()
  @Operation('The open channels', { 200: [ConversationBody] })
  list(@CurrentUser() me: Principal, @Query() query: PageQuery): Promise<Page<ConversationBody>> {
    return this.conversations.listChannels(me, query);
  }
}
