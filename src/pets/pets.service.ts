import { Injectable } from '@nestjs/common';
import { isUuid } from '../common/ids.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '../common/pagination.js';
import type { PetEntity } from './pet.entity.js';
import { type PetBody, presentPet } from './pet.presenter.js';
import type { CreatePetDto } from './pets.dto.js';
import { PetsRepository } from './pets.repository.js';

@Injectable()
export class PetsService {
  constructor(private readonly pets: PetsRepository) {}

  create(ownerId: string, { name, species, breed }: CreatePetDto): Promise<PetEntity> {
    return this.pets.insert({ ownerId, name, species: species ?? null, breed: breed ?? null });
  }

  /** Whether there is such a pet, and it is that user's. @param id a uuid */
  isOwnedBy(id: string, ownerId: string): Promise<boolean> {
    return this.pets.exists(id, ownerId);
  }

  /** A page of an owner's pets, the newest first. @throws invalid, for a foreign cursor */
  async list(ownerId: string, { limit, cursor }: PageQuery): Promise<Page<PetBody>> {
    const [beforeId] = cursor === undefined ? [] : decodeCursor(cursor, isUuid);
    const pets = await this.pets.list(ownerId, beforeId, limit + 1);
    return toPage(pets, limit, presentPet, ({ id }) => [id]);
  }
}
