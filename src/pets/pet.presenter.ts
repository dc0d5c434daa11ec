import { IsISO8601, IsString, IsUUID } from 'class-validator';
import { Nullable } from '../common/shape.validators.js';
import type { PetEntity } from './pet.entity.js';

/** A pet as REST shows it to its owner. */
export class PetBody {
  @IsUUID()
  id: string;

  @IsString()
  name: string;

  @Nullable()
  @IsString()
  species: string | null;

  @Nullable()
  @IsString()
  breed: string | null;

  @IsUUID()
  owner_id: string;

  @IsISO8601()
  created_at: string;
}

export function presentPet(pet: PetEntity): PetBody {
  return {
    id: pet.id,
    name: pet.name,
    species: pet.species,
    breed: pet.breed,
    owner_id: pet.ownerId,
    created_at: pet.createdAt.toISOString(),
  };
}
