import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

@Entity('polls')
export class PollEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'conversation_id' })
  conversationId: string;

  @Column('uuid', { name: 'opened_by' })
  openedBy: string;

  @Column('text')
  question: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;
}
