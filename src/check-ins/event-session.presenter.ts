import { IsIn, IsISO8601, IsString, IsUUID } from 'class-validator';
import { Nullable } from '../common/shape.validators.js';
import { DASHBOARD_ACCESSES, type DashboardAccess, type EventSessionEntity } from './event-session.entity.js';

/** An event session as REST shows it to its host. */
export class EventSessionBody {
  @IsUUID()
  id: string;

  @IsString()
  title: string;

  @IsUUID()
  host_id: string;

  @IsIn(DASHBOARD_ACCESSES)
  dashboard_access: DashboardAccess;

  @Nullable()
  @IsISO8601()
  starts_at: string | null;

  @IsISO8601()
  created_at: string;
}

export function presentEventSession(session: EventSessionEntity): EventSessionBody {
  return {
    id: session.id,
    title: session.title,
    host_id: session.hostId,
    dashboard_access: session.dashboardAccess,
    starts_at: session.startsAt?.toISOString() ?? null,
    created_at: session.createdAt.toISOString(),
  };
}
