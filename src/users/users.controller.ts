import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { CurrentUser, Roles } from '../auth/access.js';
import { Operation } from '../common/http/operation.js';
import type { Page } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { ProfileDto, StandingDto, UsersQuery } from './users.dto.js';
import {
  ManagedUserBody,
  OwnUserBody,
  presentManagedUser,
  presentOwnUser,
  presentUser,
  UserBody,
} from './users.presenter.js';
import { UsersService } from './users.service.js';

@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Patch('me')
  @Operation('Change one’s profile', { 200: OwnUserBody })
  async updateMe(@CurrentUser() me: Principal, @Body() profile: ProfileDto): Promise<OwnUserBody> {
    return presentOwnUser(await this.users.updateProfile(me.id, profile));
  }

  @Patch(':id')
  @Roles('admin')
  @Operation('Change a user’s role, or disable the user', { 200: ManagedUserBody })
  async manage(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body() standing: StandingDto,
  ): Promise<ManagedUserBody> {
    return presentManagedUser(await this.users.changeStanding(me, id, standing));
  }

  @Get(':id')
  @Operation('A user, by id or number', { 200: UserBody })
  async get(@Param('id') id: string): Promise<UserBody> {
    return presentUser(await this.users.get(id));
  }

  @Get()
  @Operation('Search for users', { 200: [UserBody] })
  search(@Query() query: UsersQuery): Promise<Page<UserBody>> {
    return this.users.search(query);
  }
}
