import { IsBoolean, IsInt, IsISO8601, IsString, IsUUID } from 'class-validator';
import { Nullable } from '../common/shape.validators.js';
import type { NotificationEntity } from './notification.entity.js';

/** A notification as REST shows it to whose it is. */
export class NotificationBody {
  @IsUUID()
  id: string;

  @IsInt()
  number: number;

  @IsUUID()
  user_id: string;

  @IsString()
  type: string;

  @IsString()
  title: string;

  @IsString()
  message: string;

  @Nullable()
  @IsString()
  link: string | null;

  @IsBoolean()
  is_read: boolean;

  @IsISO8601()
  created_at: string;
}

/** How many notifications were marked as read. */
export class UpdatedBody {
  @IsInt()
  updated: number;
}

export function presentNotification(notification: NotificationEntity): NotificationBody {
  return {
    id: notification.id,
    number: notification.number,
    user_id: notification.userId,
    type: notification.type,
    title: notification.title,
    message: notification.message,
    link: notification.link,
    is_read: notification.readAt !== null,
    created_at: notification.createdAt.toISOString(),
  };
}
