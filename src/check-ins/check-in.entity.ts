import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { UserRef } from '../common/principal.js';
import type { CheckInState } from '../realtime/events.js';
import { UserEntity } from '../users/user.entity.js';

/** An attempt to check in to an event session; of a person's, one succeeds. */
@Entity('check_ins')
export class CheckInEntity {
  /** uuid v7. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'session_id' })
  sessionId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @ManyToOne(() => UserEntity)
  @JoinColumn({ name: 'user_id' })
  user: Relation<UserEntity>;

  @Column('boolean')
  success: boolean;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;
}

/** Who checks in, as far as those who watch may know. */
export type Attendee = Pick<UserRef, 'id' | 'fullName' | 'profileImageUrl'>;

/** The attempt as everyone is told of it. */
export function toCheckInState(
  { sessionId, success, createdAt }: Pick<CheckInEntity, 'sessionId' | 'success' | 'createdAt'>,
  { id, fullName, profileImageUrl }: Attendee,
): CheckInState {
  return {
    sessionId,
    userId: id,
    userName: fullName,
    profileUrl: profileImageUrl,
    checkinTime: createdAt.toISOString(),
    success,
    message: success ? 'Check-in successful' : 'Already checked in',
  };
}
