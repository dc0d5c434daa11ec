import { Column, CreateDateColumn, Entity, Generated, PrimaryColumn } from 'typeorm';
import type { Role } from '../common/roles.js';

@Entity('users')
export class UserEntity {
  /** uuid v7. */
  @PrimaryColumn('uuid')
  id: string;

  /** For the clients whose ids are integers. */
  @Column('integer')
  @Generated('increment')
  number: number;

  /** In lower case; no two users have the same. */
  @Column('text')
  email: string;

  @Column('text')
  username: string;

  @Column('text', { name: 'full_name' })
  fullName: string;

  @Column('text', { name: 'profile_image_url', nullable: true })
  profileImageUrl: string | null;

  @Column('text')
  role: Role;

  /** argon2id, in the PHC string format. */
  @Column('text', { name: 'password_hash' })
  passwordHash: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;

  /** Since when the user may not use the service any more. */
  @Column({ type: 'timestamptz', precision: 3, name: 'disabled_at', nullable: true })
  disabledAt: Date | null;
}
