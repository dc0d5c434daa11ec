import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentUser } from '../auth/access.js';
import { Operation } from '../common/http/operation.js';
import { type Page, PageQuery } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { ConversationBody, ReadingBody } from './conversation.presenter.js';
import { AddParticipantsDto, CreateConversationDto, ReadDto } from './conversations.dto.js';
import { ConversationsService } from './conversations.service.js';

@Controller('conversations')
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Post()
  @Operation('Start a conversation', { 201: ConversationBody, 200: ConversationBody })
  async create(
    @CurrentUser() me: Principal,
    @Body() body: CreateConversationDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConversationBody> {
    const { conversation, created } = await this.conversations.create(me, body);
    reply.status(created ? HttpStatus.CREATED : HttpStatus.OK);
    return conversation;
  }

  @Get()
  @Operation('One’s conversations', { 200: [ConversationBody] })
  list(@CurrentUser() me: Principal, @Query() query: PageQuery): Promise<Page<ConversationBody>> {
    return this.conversations.list(me, query);
  }

  @Get(':id')
  @Operation('A conversation, by id, number or slug', { 200: ConversationBody })
  get(@CurrentUser() me: Principal, @Param('id') id: string): Promise<ConversationBody> {
    return this.conversations.get(me, id);
  }

  @Post(':id/participants')
  @HttpCode(HttpStatus.OK)
  @Operation('Add participants to a group', { 200: ConversationBody })
  addParticipants(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body() body: AddParticipantsDto,
  ): Promise<ConversationBody> {
    return this.conversations.addParticipants(me, id, body.user_ids);
  }

  @Delete(':id/participants/:userId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Operation('Remove a participant, or leave', { 204: null })
  removeParticipant(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Param('userId') userId: string,
  ): Promise<void> {
    return this.conversations.removeParticipant(me, id, userId);
  }

  @Post(':id/read')
  @HttpCode(HttpStatus.OK)
  @Operation('Mark messages as read', { 200: ReadingBody })
  read(@CurrentUser() me: Principal, @Param('id') id: string, @Body() body: ReadDto): Promise<ReadingBody> {
    return this.conversations.read(me, id, body.seq);
  }
}
