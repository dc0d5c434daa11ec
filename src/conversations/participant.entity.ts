import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** That a user takes part in a conversation, and how far that user has read. */
@Entity('participants')
export class ParticipantEntity {
  @PrimaryColumn('uuid', { name: 'conversation_id' })
  conversationId: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'joined_at' })
  joinedAt: Date;

  /** The conversation's newest offset when the user came. */
  @Column('integer', { name: 'joined_offset', default: 0 })
  joinedOffset: number;

  /** The seq up to which everything is read. */
  @Column('integer', { name: 'last_read_seq', default: 0 })
  lastReadSeq: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'read_at', nullable: true })
  readAt: Date | null;
}
