import { Column, Entity, Generated, PrimaryColumn } from 'typeorm';

@Entity('messages')
export class MessageEntity {
  /** uuid v7. */
  @PrimaryColumn('uuid')
  id: string;

  /** For the clients whose ids are integers. */
  @Column('integer')
  @Generated('increment')
  number: number;

  @Column('uuid', { name: 'conversation_id' })
  conversationId: string;

  /** 1, 2, 3 … within its conversation, without gaps. */
  @Column('integer')
  seq: number;

  @Column('uuid', { name: 'sender_id' })
  senderId: string;

  /** In a direct conversation the other one; elsewhere whom the sender named, if anyone. */
  @Column('uuid', { name: 'receiver_id', nullable: true })
  receiverId: string | null;

  /** Empty once it is deleted. */
  @Column('text')
  content: string;

  @Column('text', { name: 'message_type' })
  messageType: string;

  /** The sender's own name for it, by which a repeated send is known. */
  @Column('text', { name: 'client_message_id', nullable: true })
  clientMessageId: string | null;

  /** The conversation's offset at which it was sent. */
  @Column('integer', { name: 'created_offset' })
  createdOffset: number;

  /** The conversation's offset of its last change; sending it is the first. */
  @Column('integer', { name: 'change_offset' })
  changeOffset: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'edited_at', nullable: true })
  editedAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
