import { Logger } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { invalid, notFound } from '../../common/errors.js';
import { canonicalName } from '../../conversations/conversation-name.js';
import type { ConversationRef } from '../../realtime/events.js';
import type { Entry } from '../../realtime/room.js';
import type { Connection } from '../../realtime/connection.js';
import { DialectGateway } from '../../realtime/dialect-gateway.js';
import type { Handshake } from '../../realtime/handshake.js';
import { ConversationAccess, type ConversationName } from '../../realtime/ports.js';
import type { HandshakeHook } from '../../realtime/registry.js';
import { resumeKeys, sinceOf } from '../../realtime/resuming.js';
import {
  channelIdOf,
  type ChannelJoinedFrame,
  type ChannelLeftFrame,
  JoinChannelFrame,
  LeaveChannelFrame,
  type PongFrame,
} from './channels.frames.js';
import { channels } from './channels.presenter.js';

/** What `channels` clients send. */
@DialectGateway(channels)
export class ChannelsGateway implements HandshakeHook {
  private readonly logger = new Logger(ChannelsGateway.name);

  constructor(private readonly access: ConversationAccess) {}

  /** `?channel_id=` joins at once. */
  async onHandshake(connection: Connection, { query }: Handshake): Promise<void> {
    const channelId = query.get('channel_id');
    if (channelId === null || channelId === '') return;
    if (canonicalName(channelId) === undefined) throw invalid('channel_id is not one that a channel can have');
    await this.enter(connection, channelId, undefined);
  }

  @SubscribeMessage('join_channel')
  async join(@ConnectedSocket() connection: Connection, @MessageBody() frame: JoinChannelFrame): Promise<void> {
    await this.enter(connection, frame.channel_id, sinceOf(connection.extensions, frame));
  }

  @SubscribeMessage('leave_channel')
  async leave(
    @ConnectedSocket() connection: Connection,
    @MessageBody() frame: LeaveChannelFrame,
  ): Promise<ChannelLeftFrame> {
    const conversation = await this.access.locate(frame.channel_id);
    if (!conversation || !connection.subscriptions.leave(conversation.id)) throw notFound('Channel');
    this.logger.debug(`${connection.id} left ${conversation.id}`);
    return {
      type: 'channel_left',
      channel_id: channelIdOf(conversation),
      user_email: connection.principal.email,
      timestamp: new Date().toISOString(),
    };
  }

  @SubscribeMessage('ping')
  ping(): PongFrame {
    return { type: 'pong', timestamp: new Date().toISOString() };
  }

  private async enter(connection: Connection, name: ConversationName, since: number | undefined): Promise<void> {
    const answer = (conversation: ConversationRef, entry: Entry): void =>
      connection.send({
        type: 'channel_joined',
        channel_id: channelIdOf(conversation),
        user_email: connection.principal.email,
        timestamp: new Date().toISOString(),
        ...resumeKeys(connection.extensions, entry),
      } satisfies ChannelJoinedFrame);
    const { id } = await connection.subscriptions.enter(name, answer, { since, createChannel: true });
    this.logger.debug(`${connection.id} joined ${id}`);
  }
}
