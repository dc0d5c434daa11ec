import { Column, CreateDateColumn, Entity, Generated, PrimaryColumn } from 'typeorm';

@Entity('notifications')
export class NotificationEntity {
  /** uuid v7. */
  @PrimaryColumn('uuid')
  id: string;

  /** For the clients whose ids are integers. */
  @Column('integer')
  @Generated('increment')
  number: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** What it is about, for clients to tell apart. */
  @Column('text')
  type: string;

  @Column('text')
  title: string;

  @Column('text')
  message: string;

  /** Where the client may lead the user. */
  @Column('text', { nullable: true })
  link: string | null;

  /** Of a notification of messages: where they are. */
  @Column('uuid', { name: 'conversation_id', nullable: true })
  conversationId: string | null;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'read_at', nullable: true })
  readAt: Date | null;
}
