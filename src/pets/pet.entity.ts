import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

@Entity('pets')
export class PetEntity {
  /** uuid v7. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'owner_id' })
  ownerId: string;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  species: string | null;

  @Column('text', { nullable: true })
  breed: string | null;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;
}
