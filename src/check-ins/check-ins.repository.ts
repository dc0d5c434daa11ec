import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository, type SelectQueryBuilder } from 'typeorm';
import { newId } from '../common/ids.js';
import { CheckInEntity } from './check-in.entity.js';
import { EventSessionEntity } from './event-session.entity.js';

export type NewSession = Pick<EventSessionEntity, 'title' | 'hostId' | 'dashboardAccess' | 'startsAt'>;

/** Where a page of a list by time ended. */
export type TimeKey = readonly [at: string, id: string];

/** How many attempts succeeded, and how many were refused. */
export interface Totals {
  readonly total: number;
  readonly refused: number;
}

/** How many checked in within a minute, named by its beginning. */
export interface MinuteCount {
  readonly minute: Date;
  readonly count: number;
}

@Injectable()
export class CheckInsRepository {
  constructor(
    @InjectRepository(EventSessionEntity) private readonly sessions: Repository<EventSessionEntity>,
    @InjectRepository(CheckInEntity) private readonly checkIns: Repository<CheckInEntity>,
  ) {}

  async insertSession(newSession: NewSession): Promise<EventSessionEntity> {
    const session = this.sessions.create({ id: newId(), ...newSession });
    await this.sessions.insert(session);
    return session;
  }

  /** @param id a uuid */
  findSession(id: string): Promise<EventSessionEntity | null> {
    return this.sessions.findOneBy({ id });
  }

  /** Records an attempt: of any number of concurrent ones of a person, one succeeds, and each is kept. */
  async record(sessionId: string, userId: string): Promise<Pick<CheckInEntity, 'sessionId' | 'success' | 'createdAt'>> {
    const [attempt] = await this.checkIns.query<Pick<CheckInEntity, 'success' | 'createdAt'>[]>(
      `WITH succeeded AS (
         INSERT INTO check_ins (id, session_id, user_id, success) VALUES ($1, $2, $3, true)
         ON CONFLICT DO NOTHING
         RETURNING success, created_at
       ), refused AS (
         INSERT INTO check_ins (id, session_id, user_id, success)
         SELECT $1, $2, $3, false WHERE NOT EXISTS (SELECT FROM succeeded)
         RETURNING success, created_at
       )
       SELECT success, created_at AS "createdAt" FROM (TABLE succeeded UNION ALL TABLE refused) AS attempt`,
      [newId(), sessionId, userId],
    );
    return { sessionId, ...attempt! };
  }

  /** Those who checked in, the last first; with `before` those earlier than that. */
  listSuccessful(sessionId: string, before: TimeKey | undefined, count: number): Promise<CheckInEntity[]> {
    const query = newestFirst(sessionId, this.checkIns.manager).andWhere('checkIn.success').limit(count);
    if (before) query.andWhere('(checkIn.createdAt, checkIn.id) < (:at, :id)', { at: before[0], id: before[1] });
    return query.getMany();
  }

  /** The last attempts, successful or not, the last first. */
  latest(sessionId: string, count: number, manager: EntityManager): Promise<CheckInEntity[]> {
    return newestFirst(sessionId, manager).limit(count).getMany();
  }

  async totals(sessionId: string, manager: EntityManager): Promise<Totals> {
    const [totals] = await manager.query<Totals[]>(
      `SELECT count(*) FILTER (WHERE success) AS total, count(*) FILTER (WHERE NOT success) AS refused
       FROM check_ins WHERE session_id = $1`,
      [sessionId],
    );
    return totals!;
  }

  /** The minutes, of the last `minutes` with this one, in which someone checked in, the earliest first. */
  perMinute(sessionId: string, minutes: number, manager: EntityManager): Promise<MinuteCount[]> {
    return manager.query(
      `SELECT date_trunc('minute', created_at) AS minute, count(*) AS count FROM check_ins
       WHERE session_id = $1 AND success
         AND created_at >= date_trunc('minute', now()) - make_interval(mins => $2::integer - 1)
       GROUP BY minute ORDER BY minute`,
      [sessionId, minutes],
    );
  }
}

function newestFirst(sessionId: string, manager: EntityManager): SelectQueryBuilder<CheckInEntity> {
  return manager
    .createQueryBuilder(CheckInEntity, 'checkIn')
    .innerJoin('checkIn.user', 'user')
    .addSelect(['user.id', 'user.fullName', 'user.profileImageUrl'])
    .where('checkIn.sessionId = :sessionId', { sessionId })
    .orderBy('checkIn.createdAt', 'DESC')
    .addOrderBy('checkIn.id', 'DESC');
}
