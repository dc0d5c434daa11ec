import { Column, CreateDateColumn, Entity, Generated, PrimaryColumn } from 'typeorm';
import type { ConversationKind, ConversationRef } from '../realtime/events.js';

@Entity('conversations')
export class ConversationEntity {
  /** uuid v7. */
  @PrimaryColumn('uuid')
  id: string;

  /** For the clients whose ids are integers. */
  @Column('integer')
  @Generated('increment')
  number: number;

  @Column('text')
  kind: ConversationKind;

  /** Channels only; no two have the same. */
  @Column('text', { nullable: true })
  slug: string | null;

  /** Direct conversations only: whose it is, so that two users have one at most. */
  @Column('text', { name: 'direct_key', nullable: true })
  directKey: string | null;

  @Column('text', { nullable: true })
  title: string | null;

  /** Consultations only: the pet that they are about. */
  @Column('uuid', { name: 'pet_id', nullable: true })
  petId: string | null;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;

  /** When it was created, or the last message was sent. */
  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'last_activity_at' })
  lastActivityAt: Date;

  /** The newest message's seq. */
  @Column('integer', { name: 'last_seq', default: 0 })
  lastSeq: number;

  /** The newest change's offset. */
  @Column('integer', { name: 'last_offset', default: 0 })
  lastOffset: number;
}

/** The conversation by each of its names. */
export function toConversationRef({ id, number, kind, slug }: ConversationEntity): ConversationRef {
  return { id, number, kind, slug };
}
