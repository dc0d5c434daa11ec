import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A refresh token, of which only the hash is kept: who reads the table cannot use it. */
@Entity('refresh_tokens')
export class RefreshTokenEntity {
  /** SHA-256. */
  @PrimaryColumn('bytea')
  hash: Buffer;

  @Column('uuid', { name: 'login_id' })
  loginId: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at' })
  expiresAt: Date;

  /** When it was exchanged for its successor; kept, so that a second use is noticed. */
  @Column({ type: 'timestamptz', precision: 3, name: 'spent_at', nullable: true })
  spentAt: Date | null;
}
