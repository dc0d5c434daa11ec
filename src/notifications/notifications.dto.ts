import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, Matches } from 'class-validator';
import { PageQuery } from '../common/pagination.js';
import { IsText, Trim } from '../common/text.validator.js';
import { IsUserId } from '../users/user-id.validator.js';

export class CreateNotificationDto {
  /** Whom it tells. */
  @IsUserId()
  user_id: string | number;

  /** What it is about, for clients to tell apart. */
  @Matches(/^[A-Za-z0-9_.-]{1,64}$/, { message: '$property must be 1 to 64 letters, digits, "_", "." or "-"' })
  type: string;

  @Trim()
  @IsText(1, 200)
  title: string;

  @Trim()
  @IsText(1, 2000)
  message: string;

  /** Where the client may lead the user. */
  @IsOptional()
  @Trim()
  @IsText(1, 2000)
  link?: string | null;
}

export class NotificationsQuery extends PageQuery {
  /** True: only those that are not read yet; false: only those that are. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => value === 'true' || (value === 'false' ? false : value))
  @IsBoolean()
  unread?: boolean;
}
