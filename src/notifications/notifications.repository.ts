import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThan, Not, Repository } from 'typeorm';
import { newId } from '../common/ids.js';
import { NotificationEntity } from './notification.entity.js';

/** What a notification says. */
export type NotificationContent = Pick<NotificationEntity, 'type' | 'title' | 'message' | 'link'>;

/** A notification's uuid or its number. */
export type NotificationName = { readonly id: string } | { readonly number: number };

/** A new notification, and the number of whose it is. */
export type InsertedNotification = NotificationEntity & { readonly userNumber: number };

/** Which of a user's notifications to list. */
export interface NotificationFilter {
  readonly isUnread: boolean | undefined;
  /** Those older than this one. */
  readonly beforeId: string | undefined;
}

@Injectable()
export class NotificationsRepository {
  constructor(@InjectRepository(NotificationEntity) private readonly notifications: Repository<NotificationEntity>) {}

  /**
   * Notifies those of the users who exist, except those who have yet to read a notification of the conversation's messages
   * and would get another. In the order of the users, so that of two calls one waits for the other, and never both.
   */
  insert(
    userIds: readonly string[],
    { type, title, message, link }: NotificationContent,
    conversationId: string | null,
  ): Promise<InsertedNotification[]> {
    // Those who are not to get another are left out before the index would refuse it: that would use up a number.
    return this.notifications.query(
      `WITH inserted AS (
         INSERT INTO notifications (id, user_id, type, title, message, link, conversation_id)
         SELECT named.id, users.id, $3, $4, $5, $6, $7::uuid
         FROM unnest($1::uuid[], $2::uuid[]) AS named (id, user_id)
         JOIN users ON users.id = named.user_id
         WHERE NOT EXISTS (
           SELECT FROM notifications unread
           WHERE unread.user_id = users.id AND unread.conversation_id = $7::uuid
             AND unread.type = 'message' AND unread.read_at IS NULL
         )
         ORDER BY users.id
         ON CONFLICT DO NOTHING
         RETURNING *
       )
       SELECT inserted.id, inserted.number, user_id AS "userId", users.number AS "userNumber", type, title, message, link,
         conversation_id AS "conversationId", inserted.created_at AS "createdAt", read_at AS "readAt"
       FROM inserted JOIN users ON users.id = user_id`,
      [userIds.map(newId), userIds, type, title, message, link, conversationId],
    );
  }

  /** A user's, the newest first. */
  list(userId: string, { isUnread, beforeId }: NotificationFilter, count: number): Promise<NotificationEntity[]> {
    return this.notifications.find({
      where: {
        userId,
        ...(isUnread !== undefined && { readAt: isUnread ? IsNull() : Not(IsNull()) }),
        ...(beforeId !== undefined && { id: LessThan(beforeId) }),
      },
      order: { id: 'DESC' },
      take: count,
    });
  }

  find(userId: string, name: NotificationName): Promise<NotificationEntity | null> {
    return this.notifications.findOneBy({ ...name, userId });
  }

  /** @returns whether it was unread */
  async markRead(userId: string, name: NotificationName): Promise<boolean> {
    const { affected } = await this.notifications.update({ ...name, userId, readAt: IsNull() }, { readAt: new Date() });
    return affected === 1;
  }

  /** @returns how many were unread */
  async markAllRead(userId: string): Promise<number> {
    const { affected } = await this.notifications.update({ userId, readAt: IsNull() }, { readAt: new Date() });
    return affected!;
  }

  /** @returns whether there was one */
  async remove(userId: string, id: string): Promise<boolean> {
    const { affected } = await this.notifications.delete({ id, userId });
    return affected === 1;
  }
}
