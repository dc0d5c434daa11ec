import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { audit } from '../common/audit.js';
import { conflict, invalid, notFound } from '../common/errors.js';
import { isUuid, toNumber } from '../common/ids.js';
import { decodeCursor, isWholeNumber, type Page, toPage } from '../common/pagination.js';
import { type Principal, toUserRef } from '../common/principal.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventPublisher } from '../realtime/publisher.js';
import { type Registration, withNames } from './registration.js';
import type { UserEntity } from './user.entity.js';
import type { ProfileDto, StandingDto, UsersQuery } from './users.dto.js';
import { presentUser, type UserBody } from './users.presenter.js';
import { type UserChanges, UsersRepository } from './users.repository.js';

/** The users: looking them up by any of their names, and what they may change about themselves. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventPublisher,
  ) {}

  /** @param id a uuid */
  findById(id: string): Promise<UserEntity | null> {
    return this.users.findById(id);
  }

  /** Those that exist, in no order. @param ids uuids */
  findByIds(ids: readonly string[]): Promise<UserEntity[]> {
    return this.users.findByIds(ids);
  }

  /** @param email normalized */
  findByEmail(email: string): Promise<UserEntity | null> {
    return this.users.findByEmail(email);
  }

  /** The user that a client names. @throws invalid, when it is neither a uuid nor a number; not_found */
  async get(name: string | number): Promise<UserEntity> {
    const user = await this.locate(name);
    if (!user) throw notFound('User');
    return user;
  }

  /** Makes a user, as part of the caller's transaction. @throws conflict, when another user has the e-mail address. */
  create(registration: Registration, manager: EntityManager): Promise<UserEntity> {
    return this.users.insert(withNames(registration), manager);
  }

  /** What is undefined stays as it is. Live connections hear of it. @throws not_found */
  async updateProfile(id: string, profile: ProfileDto): Promise<UserEntity> {
    const changes = {
      username: profile.username,
      fullName: profile.full_name,
      profileImageUrl: profile.profile_image_url,
    };
    return this.change(id, changes);
  }

  /**
   * Gives a user another role, disables or enables the user: what is undefined stays. Live connections hear of it, on every
   * node; those of a disabled user end.
   *
   * @throws invalid, not_found; conflict, for oneself: an admin may not be the one to leave nobody in charge.
   */
  async changeStanding(admin: Principal, name: string, { role, disabled }: StandingDto): Promise<UserEntity> {
    const { id, disabledAt } = await this.get(name);
    if (id === admin.id) throw conflict('Another admin may change your standing');
    const since = disabled ? (disabledAt ?? new Date()) : null;
    const user = await this.change(id, { role, ...(disabled !== undefined && { disabledAt: since }) });
    audit(admin, 'users.standing', { user: id, role, disabled });
    return user;
  }

  /** By number, so that pages stay stable while people change their names. @throws invalid, for a foreign cursor */
  async search({ query, limit, cursor }: UsersQuery): Promise<Page<UserBody>> {
    const [after] = cursor === undefined ? [0] : decodeCursor(cursor, isWholeNumber);
    const users = await this.users.search(query, after, limit + 1);
    return toPage(users, limit, presentUser, (user) => [user.number]);
  }

  private async change(id: string, changes: UserChanges): Promise<UserEntity> {
    const user = await this.unitOfWork.run((manager) => this.users.update(id, changes, manager));
    if (!user) throw notFound('User');
    this.events.publish({
      type: 'user.changed',
      user: toUserRef(user),
      role: user.role,
      disabled: user.disabledAt !== null,
    });
    return user;
  }

  private locate(name: string | number): Promise<UserEntity | null> {
    if (isUuid(name)) return this.users.findById(name);
    const number = toNumber(name);
    if (number === undefined) throw invalid('A user is named by a uuid or a number');
    return this.users.findByNumber(number);
  }
}
