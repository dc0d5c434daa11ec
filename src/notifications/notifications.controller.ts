import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post, Query } from '@nestjs/common';
import { CurrentUser, Roles } from '../auth/access.js';
import { Operation } from '../common/http/operation.js';
import type { Page } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { NotificationBody, presentNotification, UpdatedBody } from './notification.presenter.js';
import { CreateNotificationDto, NotificationsQuery } from './notifications.dto.js';
import { NotificationsService } from './notifications.service.js';

@Controller('notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Post()
  @Roles('admin')
  @Operation('Notify a user', { 201: NotificationBody })
  async create(@Body() { user_id, type, title, message, link }: CreateNotificationDto): Promise<NotificationBody> {
    return presentNotification(
      await this.notifications.create({ userId: user_id, type, title, message, link: link ?? null }),
    );
  }

  @Get()
  @Operation('One’s notifications', { 200: [NotificationBody] })
  list(@CurrentUser() me: Principal, @Query() query: NotificationsQuery): Promise<Page<NotificationBody>> {
    return this.notifications.list(me.id, query);
  }

  @Patch(':id/read')
  @Operation('Mark a notification as read', { 200: NotificationBody })
  async markRead(@CurrentUser() me: Principal, @Param('id') id: string): Promise<NotificationBody> {
    return presentNotification(await this.notifications.markRead(me.id, id));
  }

  @Post('read-all')
  @HttpCode(HttpStatus.OK)
  @Operation('Mark all as read', { 200: UpdatedBody })
  async markAllRead(@CurrentUser() me: Principal): Promise<UpdatedBody> {
    return { updated: await this.notifications.markAllRead(me.id) };
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Operation('Delete a notification', { 204: null })
  remove(@CurrentUser() me: Principal, @Param('id') id: string): Promise<void> {
    return this.notifications.remove(me.id, id);
  }
}
