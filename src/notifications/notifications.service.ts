import { Injectable } from '@nestjs/common';
import { invalid, notFound } from '../common/errors.js';
import { isUuid, toNumber } from '../common/ids.js';
import { decodeCursor, type Page, toPage } from '../common/pagination.js';
import type { UserRef } from '../common/principal.js';
import type { ConversationRef, NotificationState } from '../realtime/events.js';
import { EventPublisher } from '../realtime/publisher.js';
import { UsersService } from '../users/users.service.js';
import type { NotificationEntity } from './notification.entity.js';
import { type NotificationBody, presentNotification } from './notification.presenter.js';
import type { NotificationsQuery } from './notifications.dto.js';
import {
  type InsertedNotification,
  type NotificationContent,
  type NotificationName,
  NotificationsRepository,
} from './notifications.repository.js';

/** A notification to be made. */
export interface NewNotification extends NotificationContent {
  /** Whom it tells: a uuid or a number. */
  readonly userId: string | number;
}

/** What users are told of beside their conversations, and whether they have read it. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly users: UsersService,
    private readonly events: EventPublisher,
  ) {}

  /** Tells a user of something. @throws not_found, when there is no such user */
  async create({ userId, ...content }: NewNotification): Promise<NotificationEntity> {
    const user = await this.users.get(userId);
    const [notification] = await this.notifications.insert([user.id], content, null);
    this.announce(notification!);
    return notification!;
  }

  /**
   * Tells users that someone has written to a conversation of theirs. Who has not read the last such notification of that
   * conversation gets no other. What was written is not in it: that may be edited or deleted.
   *
   * @param userIds uuids
   */
  async noteMessage(
    userIds: readonly string[],
    conversation: Pick<ConversationRef, 'id'>,
    sender: Pick<UserRef, 'fullName'>,
  ): Promise<void> {
    const content = {
      type: 'message',
      title: 'New message',
      message: `${sender.fullName} wrote to you`,
      link: `/conversations/${conversation.id}`,
    };
    const notifications = await this.notifications.insert(userIds, content, conversation.id);
    for (const notification of notifications) this.announce(notification);
  }

  /** A page of a user's, the newest first. @throws invalid, for a foreign cursor */
  async list(userId: string, { unread, limit, cursor }: NotificationsQuery): Promise<Page<NotificationBody>> {
    const [beforeId] = cursor === undefined ? [] : decodeCursor(cursor, isUuid);
    const notifications = await this.notifications.list(userId, { isUnread: unread, beforeId }, limit + 1);
    return toPage(notifications, limit, presentNotification, ({ id }) => [id]);
  }

  /** Marks one as read. Twice is as once. @throws invalid, not_found */
  async markRead(userId: string, name: string): Promise<NotificationEntity> {
    const wasUnread = await this.notifications.markRead(userId, parseName(name));
    const notification = await this.find(userId, name);
    if (wasUnread) {
      const { id: notificationId, number } = notification;
      this.events.publish({ type: 'notification.read', userId, notificationId, number });
    }
    return notification;
  }

  /** Marks all as read. @returns how many were not */
  async markAllRead(userId: string): Promise<number> {
    const count = await this.notifications.markAllRead(userId);
    if (count > 0) this.events.publish({ type: 'notification.all-read', userId });
    return count;
  }

  /** @throws invalid, not_found */
  async remove(userId: string, name: string): Promise<void> {
    const { id: notificationId, number } = await this.find(userId, name);
    if (!(await this.notifications.remove(userId, notificationId))) throw notFound('Notification');
    this.events.publish({ type: 'notification.deleted', userId, notificationId, number });
  }

  private async find(userId: string, name: string): Promise<NotificationEntity> {
    const notification = await this.notifications.find(userId, parseName(name));
    if (!notification) throw notFound('Notification');
    return notification;
  }

  private announce(notification: InsertedNotification): void {
    this.events.publish({ type: 'notification.created', notification: toState(notification) });
  }
}

function parseName(name: string): NotificationName {
  if (isUuid(name)) return { id: name };
  const number = toNumber(name);
  if (number === undefined) throw invalid('A notification is named by a uuid or a number');
  return { number };
}

function toState(notification: InsertedNotification): NotificationState {
  const { id, number, userId, userNumber, type, title, message, link, createdAt } = notification;
  return { id, number, userId, userNumber, type, title, message, link, createdAt: createdAt.toISOString() };
}
