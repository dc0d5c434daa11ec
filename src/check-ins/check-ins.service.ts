import { Injectable } from '@nestjs/common';
import { invalid, notFound } from '../common/errors.js';
import { isUuid } from '../common/ids.js';
import { decodeCursor, isTime, type Page, type PageQuery, toPage } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { CheckInState } from '../realtime/events.js';
import { EventPublisher } from '../realtime/publisher.js';
import { UsersService } from '../users/users.service.js';
import { type Attendee, toCheckInState } from './check-in.entity.js';
import { type CheckInBody, presentCheckIn } from './check-in.presenter.js';
import type { CreateSessionDto } from './check-ins.dto.js';
import { assertMayRun } from './check-ins.policy.js';
import { CheckInsRepository } from './check-ins.repository.js';
import { type DashboardBody, presentDashboard } from './dashboard.presenter.js';
import type { EventSessionEntity } from './event-session.entity.js';

/** Who may watch a session's dashboard. */
export type SessionAccess = Pick<EventSessionEntity, 'id' | 'hostId' | 'dashboardAccess'>;

/** What anyone may see of a session: of one that only its host may watch, that it is there. */
export interface PublicSession {
  session_id: string;
  title?: string;
  dashboard?: DashboardBody;
}

const DASHBOARD_MINUTES = 24 * 60;
const DASHBOARD_LATEST = 10;

/** Event sessions, and who has checked in to them. */
@Injectable()
export class CheckInsService {
  constructor(
    private readonly checkIns: CheckInsRepository,
    private readonly users: UsersService,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventPublisher,
  ) {}

  /** Makes a session, whose host is the one who makes it. */
  createSession(
    principal: Principal,
    { title, dashboard_access, starts_at }: CreateSessionDto,
  ): Promise<EventSessionEntity> {
    return this.checkIns.insertSession({
      title,
      hostId: principal.id,
      dashboardAccess: dashboard_access,
      startsAt: starts_at ?? null,
    });
  }

  /** The session, for who runs it. @throws invalid, not_found, forbidden */
  async getSession(principal: Principal, id: string): Promise<EventSessionEntity> {
    const session = await this.find(id);
    assertMayRun(principal, session);
    return session;
  }

  /** Who may watch a session's dashboard, or nothing when there is no such session. @param id a uuid */
  async sessionAccess(id: string): Promise<SessionAccess | undefined> {
    const session = await this.checkIns.findSession(id);
    return session ?? undefined;
  }

  /**
   * Checks oneself in or, for who runs the session, anyone. Who has checked in before is refused, which is recorded, told to
   * those who watch, and answered, not thrown.
   *
   * @throws invalid, forbidden; not_found, when there is no such session or user
   */
  async checkIn(principal: Principal, sessionId: string, userId?: string | number | null): Promise<CheckInState> {
    const session = await this.find(sessionId);
    const attendee = await this.attendee(principal, session, userId ?? principal.id);
    const checkIn = toCheckInState(await this.checkIns.record(session.id, attendee.id), attendee);
    this.events.publish({ type: 'check-in.recorded', checkIn });
    return checkIn;
  }

  /** A page of those who checked in, the last first. @throws invalid, not_found, forbidden */
  async list(principal: Principal, sessionId: string, { limit, cursor }: PageQuery): Promise<Page<CheckInBody>> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor, isTime, isUuid);
    const { id } = await this.getSession(principal, sessionId);
    const checkIns = await this.checkIns.listSuccessful(id, before, limit + 1);
    return toPage(
      checkIns,
      limit,
      (checkIn) => presentCheckIn(toCheckInState(checkIn, checkIn.user)),
      (checkIn) => [checkIn.createdAt.toISOString(), checkIn.id],
    );
  }

  /** How the check-ins go: all that were, by the minute those of the last 24 hours. @throws invalid, not_found, forbidden */
  async dashboard(principal: Principal, sessionId: string): Promise<DashboardBody> {
    const { id } = await this.getSession(principal, sessionId);
    return this.overview(id);
  }

  /** The session, and how its check-ins go, as far as that is public. @throws invalid, not_found */
  async publicSession(sessionId: string): Promise<PublicSession> {
    const { id, title, dashboardAccess } = await this.find(sessionId);
    if (dashboardAccess !== 'public') return { session_id: id };
    return { session_id: id, title, dashboard: await this.overview(id) };
  }

  /** All of it as of one moment, so that who goes on counting from here counts nobody twice. @param id a session's */
  private async overview(id: string): Promise<DashboardBody> {
    const dashboard = await this.unitOfWork.snapshot(async (manager) => ({
      ...(await this.checkIns.totals(id, manager)),
      perMinute: await this.checkIns.perMinute(id, DASHBOARD_MINUTES, manager),
      latest: await this.checkIns.latest(id, DASHBOARD_LATEST, manager),
    }));
    return presentDashboard(id, dashboard);
  }

  /** Whom a name means. Only who runs the session may ask for others, so that nobody else learns who exists. */
  private async attendee(principal: Principal, session: EventSessionEntity, name: string | number): Promise<Attendee> {
    const isOneself = [principal.id, String(principal.number)].includes(String(name).toLowerCase());
    if (isOneself) return principal;
    assertMayRun(principal, session);
    return this.users.get(name);
  }

  private async find(id: string): Promise<EventSessionEntity> {
    if (!isUuid(id)) throw invalid('A session is named by a uuid');
    const session = await this.checkIns.findSession(id);
    if (!session) throw notFound('Session');
    return session;
  }
}
