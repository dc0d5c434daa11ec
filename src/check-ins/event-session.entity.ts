import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Who may watch a session's dashboard: everyone who knows its id, or its host. */
export const DASHBOARD_ACCESSES = ['public', 'host'] as const;

export type DashboardAccess = (typeof DASHBOARD_ACCESSES)[number];

/** Something that takes place, and to which people check in. */
@Entity('event_sessions')
export class EventSessionEntity {
  /** uuid v7. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  title: string;

  @Column('uuid', { name: 'host_id' })
  hostId: string;

  @Column('text', { name: 'dashboard_access' })
  dashboardAccess: DashboardAccess;

  @Column({ type: 'timestamptz', precision: 3, name: 'starts_at', nullable: true })
  startsAt: Date | null;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;
}
