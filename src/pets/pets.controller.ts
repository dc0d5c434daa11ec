import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { CurrentUser, Roles } from '../auth/access.js';
import { Operation } from '../common/http/operation.js';
import { type Page, PageQuery } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { PetBody, presentPet } from './pet.presenter.js';
import { CreatePetDto } from './pets.dto.js';
import { PetsService } from './pets.service.js';

@Controller('pets')
@Roles('client')
export class PetsController {
  constructor(private readonly pets: PetsService) {}

  @Post()
  @Operation('Say which pet one has', { 201: PetBody })
  async create(@CurrentUser() me: Principal, @Body() pet: CreatePetDto): Promise<PetBody> {
    return presentPet(await this.pets.create(me.id, pet));
  }

  @Get()
  @Operation('One’s pets', { 200: [PetBody] })
  list(@CurrentUser() me: Principal, @Query() query: PageQuery): Promise<Page<PetBody>> {
    return this.pets.list(me.id, query);
  }
}
