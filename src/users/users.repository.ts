import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, QueryFailedError, Repository } from 'typeorm';
import { conflict } from '../common/errors.js';
import { newId } from '../common/ids.js';
import type { NewUser } from './registration.js';
import { UserEntity } from './user.entity.js';

export type UserChanges = Partial<
  Pick<UserEntity, 'username' | 'fullName' | 'profileImageUrl' | 'role' | 'disabledAt'>
>;

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class UsersRepository {
  constructor(@InjectRepository(UserEntity) private readonly users: Repository<UserEntity>) {}

  findById(id: string): Promise<UserEntity | null> {
    return this.users.findOneBy({ id });
  }

  findByNumber(number: number): Promise<UserEntity | null> {
    return this.users.findOneBy({ number });
  }

  findByEmail(email: string): Promise<UserEntity | null> {
    return this.users.findOneBy({ email });
  }

  findByIds(ids: readonly string[]): Promise<UserEntity[]> {
    return this.users.findBy({ id: In(ids) });
  }

  /** Users in use whose username or full name begins with `prefix`, without case, by number after `afterNumber`. */
  search(prefix: string, afterNumber: number, count: number): Promise<UserEntity[]> {
    return this.users
      .createQueryBuilder('user')
      .where('(lower(user.username) LIKE lower(:pattern) OR lower(user.fullName) LIKE lower(:pattern))', {
        pattern: `${escapeLike(prefix)}%`,
      })
      .andWhere('user.disabledAt IS NULL')
      .andWhere('user.number > :afterNumber', { afterNumber })
      .orderBy('user.number')
      .limit(count)
      .getMany();
  }

  /** @throws conflict, when another user has the e-mail address. */
  async insert(newUser: NewUser, manager: EntityManager): Promise<UserEntity> {
    const user = manager.create(UserEntity, { id: newId(), profileImageUrl: null, disabledAt: null, ...newUser });
    try {
      await manager.insert(UserEntity, user);
    } catch (error) {
      throw isUniqueViolation(error) ? conflict('The e-mail address is taken', 'email_taken') : error;
    }
    return user;
  }

  /** The user after the changes, or nothing when there is none; the row is locked, so that no change gets lost. */
  async update(id: string, changes: UserChanges, manager: EntityManager): Promise<UserEntity | null> {
    const user = await manager.findOne(UserEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return user && manager.save(UserEntity, manager.merge(UserEntity, user, changes));
  }

  /** Makes the user an admin with that password: a new one, or the one who has the e-mail address, disabled or not. */
  async upsertAdmin(admin: NewUser): Promise<void> {
    await this.users
      .createQueryBuilder()
      .insert()
      .values({ id: newId(), ...admin })
      .orUpdate(['role', 'password_hash', 'disabled_at'], ['email'])
      .updateEntity(false)
      .execute();
  }
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof QueryFailedError && (error.driverError as { code?: unknown }).code === UNIQUE_VIOLATION;
}
