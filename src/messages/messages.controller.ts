import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AllowUserEmail, CurrentUser } from '../auth/access.js';
import { OldRoute } from '../common/http/old-route.js';
import { Operation } from '../common/http/operation.js';
import type { Page } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { MessageBody, presentMessage } from './message.presenter.js';
import { EditMessageDto, MessagesQuery, PostMessageDto, SendMessageDto } from './messages.dto.js';
import { MessagesService, type Outgoing, type SentMessage } from './messages.service.js';

@Controller()
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Get('conversations/:id/messages')
  @Operation('A conversation’s messages', { 200: [MessageBody] })
  list(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Query() query: MessagesQuery,
  ): Promise<Page<MessageBody>> {
    return this.messages.list(me, id, query);
  }

  @Get('channels/:slug/messages')
  @OldRoute('messages-by-slug')
  @AllowUserEmail()
  @Operation('A channel’s messages', { 200: [MessageBody] })
  listOfChannel(
    @CurrentUser() me: Principal,
    @Param('slug') slug: string,
    @Query() query: MessagesQuery,
  ): Promise<Page<MessageBody>> {
    return this.messages.list(me, slug, query);
  }

  @Post('conversations/:id/messages')
  @Operation('Send a message; a repeat yields the first one', { 201: MessageBody, 200: MessageBody })
  async send(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body() message: SendMessageDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageBody> {
    return answer(await this.messages.send(me, { conversation: id, ...textsOf(message) }), reply);
  }

  @Post('messages')
  @OldRoute('message-by-channel')
  @AllowUserEmail()
  @Operation('Send a message to a channel, by its slug', { 201: MessageBody, 200: MessageBody })
  async post(
    @CurrentUser() me: Principal,
    @Body() message: PostMessageDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageBody> {
    return answer(await this.messages.send(me, { conversation: message.channel_id, ...textsOf(message) }), reply);
  }

  @Put('messages/:id')
  @OldRoute('put-message')
  @AllowUserEmail()
  @Operation('Edit a message', { 200: MessageBody })
  replace(@CurrentUser() me: Principal, @Param('id') id: string, @Body() edit: EditMessageDto): Promise<MessageBody> {
    return this.edit(me, id, edit);
  }

  @Patch('messages/:id')
  @AllowUserEmail()
  @Operation('Edit a message', { 200: MessageBody })
  async edit(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body() { content }: EditMessageDto,
  ): Promise<MessageBody> {
    const { conversation, message } = await this.messages.edit(me, id, content);
    return presentMessage(conversation.id, message);
  }

  @Delete('messages/:id')
  @AllowUserEmail()
  @HttpCode(HttpStatus.NO_CONTENT)
  @Operation('Take a message back', { 204: null })
  remove(@CurrentUser() me: Principal, @Param('id') id: string): Promise<void> {
    return this.messages.remove(me, id);
  }
}

function textsOf(dto: SendMessageDto): Pick<Outgoing, 'content' | 'messageType' | 'clientMessageId'> {
  return { content: dto.content, messageType: dto.message_type, clientMessageId: dto.client_message_id };
}

/** A repeat is no creation. */
function answer({ conversation, message, repeated }: SentMessage, reply: FastifyReply): MessageBody {
  reply.status(repeated ? HttpStatus.OK : HttpStatus.CREATED);
  return presentMessage(conversation.id, message);
}
