import { IsInt, IsISO8601, IsUUID } from 'class-validator';
import { IsListOf } from '../common/shape.validators.js';
import { CheckInBody, presentCheckIn } from './check-in.presenter.js';
import { type CheckInEntity, toCheckInState } from './check-in.entity.js';
import type { MinuteCount, Totals } from './check-ins.repository.js';

/** How a session's check-ins go. */
export interface Dashboard extends Totals {
  readonly perMinute: readonly MinuteCount[];
  /** Refused ones too, the last first. */
  readonly latest: readonly CheckInEntity[];
}

/** How many checked in within a minute. */
export class MinuteBody {
  /** Its beginning. */
  @IsISO8601()
  minute: string;

  @IsInt()
  count: number;
}

/** A dashboard as REST shows it to the session's host. */
export class DashboardBody {
  @IsUUID()
  session_id: string;

  @IsInt()
  total: number;

  @IsInt()
  refused: number;

  @IsListOf(() => MinuteBody)
  per_minute: MinuteBody[];
  @IsListOf(() => CheckInBody)
  latest: CheckInBody[];
}

export function presentDashboard(sessionId: string, dashboard: Dashboard): DashboardBody {
  return {
    session_id: sessionId,
    total: dashboard.total,
    refused: dashboard.refused,
    per_minute: dashboard.perMinute.map(({ minute, count }) => ({ minute: minute.toISOString(), count })),
    latest: dashboard.latest.map((checkIn) => presentCheckIn(toCheckInState(checkIn, checkIn.user))),
  };
}
