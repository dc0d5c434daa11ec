import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { newId } from '../common/ids.js';
import { PetEntity } from './pet.entity.js';

export type NewPet = Pick<PetEntity, 'ownerId' | 'name' | 'species' | 'breed'>;

@Injectable()
export class PetsRepository {
  constructor(@InjectRepository(PetEntity) private readonly pets: Repository<PetEntity>) {}

  async insert(newPet: NewPet): Promise<PetEntity> {
    const pet = this.pets.create({ id: newId(), ...newPet });
    await this.pets.insert(pet);
    return pet;
  }

  exists(id: string, ownerId: string): Promise<boolean> {
    return this.pets.existsBy({ id, ownerId });
  }

  /** An owner's, the newest first; with `beforeId` those older than that one. */
  list(ownerId: string, beforeId: string | undefined, count: number): Promise<PetEntity[]> {
    return this.pets.find({
      where: { ownerId, ...(beforeId !== undefined && { id: LessThan(beforeId) }) },
      order: { id: 'DESC' },
      take: count,
    });
  }
}
