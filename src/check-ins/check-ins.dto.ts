import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, isISO8601, isRFC3339, ValidateBy } from 'class-validator';
import { IsText, Trim } from '../common/text.validator.js';
import { IsUserId } from '../users/user-id.validator.js';
import { DASHBOARD_ACCESSES, type DashboardAccess } from './event-session.entity.js';

export class CreateSessionDto {
  @Trim()
  @IsText(1, 200)
  title: string;

  @IsIn(DASHBOARD_ACCESSES)
  dashboard_access: DashboardAccess = 'public';

  @IsOptional()
  @IsTime()
  starts_at?: Date | null;
}

export class CheckInDto {
  /** Who checks in; oneself when no one is named. */
  @IsOptional()
  @IsUserId()
  user_id?: string | number | null;
}

/** A time as RFC 3339 writes it, so with its offset from UTC. */
function IsTime(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (isTimeText(value) ? new Date(value) : value)),
    ValidateBy(
      {
        name: 'isTime',
        validator: {
          validate: (value: unknown) => value instanceof Date && !Number.isNaN(value.getTime()),
          defaultMessage: (validation) => `${validation?.property} must be a time such as 2026-11-05T18:30:00Z`,
        },
      },
      { context: { schema: { type: 'string', format: 'date-time' } } },
    ),
  );
}

/** RFC 3339's form, and ISO 8601's calendar, which knows how long a month is. */
function isTimeText(value: unknown): value is string {
  return isRFC3339(value) && isISO8601(value, { strict: true });
}
