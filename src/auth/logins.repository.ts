import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { createHash, randomBytes } from 'node:crypto';
import { newId } from '../common/ids.js';
import { LoginEntity } from './login.entity.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';

/** A login that has just ended, and whose it was. */
export type EndedLogin = Pick<LoginEntity, 'id' | 'userId'>;

/** Logins and their refresh tokens; every method is part of the caller's transaction. */
@Injectable()
export class LoginsRepository {
  /** Begins a login of that user. @returns its id */
  async begin(userId: string, manager: EntityManager): Promise<string> {
    const id = newId();
    await manager.insert(LoginEntity, { id, userId });
    return id;
  }

  /** Adds a refresh token to a login. @returns the token: 32 random bytes in base64url, kept nowhere */
  async addToken(loginId: string, expiresAt: Date, manager: EntityManager): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await manager.insert(RefreshTokenEntity, { hash: hashOf(token), loginId, expiresAt });
    return token;
  }

  /**
   * Spends a refresh token: of any number of concurrent calls with the same one, one succeeds.
   *
   * @returns its login with its user, or nothing when the token is unknown, expired or spent, or its login has ended
   */
  async spend(token: string, manager: EntityManager): Promise<LoginEntity | null> {
    const { raw } = await manager
      .createQueryBuilder()
      .update(RefreshTokenEntity)
      .set({ spentAt: () => 'now()' })
      .where('hash = :hash AND spent_at IS NULL AND expires_at > now()', { hash: hashOf(token) })
      .returning('login_id')
      .execute();
    const [spent] = raw as { login_id: string }[];
    if (!spent) return null;
    return manager.findOne(LoginEntity, {
      where: { id: spent.login_id, endedAt: IsNull() },
      relations: { user: true },
    });
  }

  /** Ends the login of a refresh token that had been spent before. @returns it, when that ended it */
  async endOfSpent(token: string, manager: EntityManager): Promise<EndedLogin | undefined> {
    return this.endWhere(
      'id = (SELECT login_id FROM refresh_tokens WHERE hash = :hash AND spent_at IS NOT NULL)',
      { hash: hashOf(token) },
      manager,
    );
  }

  /** Ends a login. @returns it, when it had not ended before */
  async end(id: string, manager: EntityManager): Promise<EndedLogin | undefined> {
    return this.endWhere('id = :id', { id }, manager);
  }

  /** Forgets a user's expired refresh tokens, except those that a concurrent call is forgetting. */
  async forgetExpired(userId: string, manager: EntityManager): Promise<void> {
    await manager.query(
      `DELETE FROM refresh_tokens WHERE hash IN (
         SELECT token.hash FROM refresh_tokens token JOIN logins login ON login.id = token.login_id
         WHERE login.user_id = $1 AND token.expires_at <= now()
         FOR UPDATE OF token SKIP LOCKED)`,
      [userId],
    );
  }

  private async endWhere(
    condition: string,
    parameters: Record<string, unknown>,
    manager: EntityManager,
  ): Promise<EndedLogin | undefined> {
    const { raw } = await manager
      .createQueryBuilder()
      .update(LoginEntity)
      .set({ endedAt: () => 'now()' })
      .where(condition, parameters)
      .andWhere('ended_at IS NULL')
      .returning('id, user_id')
      .execute();
    const [ended] = raw as { id: string; user_id: string }[];
    return ended && { id: ended.id, userId: ended.user_id };
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
