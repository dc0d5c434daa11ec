import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { forbidden, invalid, unauthenticated } from '../common/errors.js';
import type { Principal } from '../common/principal.js';
import type { Role } from '../common/roles.js';
import { AuthSettings } from '../config/settings.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventPublisher } from '../realtime/publisher.js';
import { hashPassword, verifyPassword } from '../users/passwords.js';
import type { UserEntity } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { AccessTokens } from './access-tokens.js';
import type { LoginDto, RegisterDto } from './auth.dto.js';
import { type EndedLogin, LoginsRepository } from './logins.repository.js';

/** A user with a fresh pair of tokens. */
export interface Session {
  readonly user: UserEntity;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds for which the access token is good. */
  readonly expiresIn: number;
}

/** Registering, and the life of a login. Passwords are hashed outside transactions, which should be short. */
@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly logins: LoginsRepository,
    private readonly tokens: AccessTokens,
    private readonly settings: AuthSettings,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventPublisher,
  ) {}

  /**
   * @throws forbidden, where users sign in elsewhere; invalid, when the role is not for oneself to choose; conflict, when
   * the e-mail address is taken
   */
  async register(dto: RegisterDto): Promise<Session> {
    this.tokens.assertIssued();
    const role = dto.role ?? 'member';
    if (dto.role) this.assertSelfService(dto.role);
    const registration = {
      email: dto.email,
      passwordHash: await hashPassword(dto.password),
      role,
      username: dto.username ?? undefined,
      fullName: dto.full_name ?? undefined,
    };
    return this.unitOfWork.run(async (manager) =>
      this.beginLogin(await this.users.create(registration, manager), manager),
    );
  }

  /**
   * @throws forbidden, where users sign in elsewhere; unauthenticated, alike for an unknown e-mail address, a wrong password
   * and a disabled user
   */
  async login({ email, password }: LoginDto): Promise<Session> {
    this.tokens.assertIssued();
    const user = await this.users.findByEmail(email);
    const matches = await verifyPassword(user?.passwordHash, password);
    if (!user || !matches || user.disabledAt) throw unauthenticated('The e-mail address or the password is wrong');
    return this.unitOfWork.run((manager) => this.beginLogin(user, manager));
  }

  /**
   * Exchanges a refresh token for a new pair. One that was spent before has been stolen, from its user or by the one who
   * asks: the login ends, with all its tokens (RFC 9700, section 4.14.2). So does the login of a disabled user.
   *
   * @throws forbidden, where users sign in elsewhere; unauthenticated, when the token is unknown, expired or spent
   */
  async refresh(refreshToken: string): Promise<Session> {
    this.tokens.assertIssued();
    const { session, ended } = await this.unitOfWork.run(async (manager) => {
      const login = await this.logins.spend(refreshToken, manager);
      return login && !login.user.disabledAt
        ? { session: await this.issueTokens(login.user, login.id, manager) }
        : { ended: await this.logins.endOfSpent(refreshToken, manager) };
    });
    if (ended) this.publishEnd(ended);
    if (!session) throw unauthenticated('The refresh token is not, or no longer, good');
    return session;
  }

  /**
   * Ends the login that `principal` came by, with all its tokens.
   *
   * @throws forbidden, when it is not one of ours: nothing would end, and to say so is better than to seem to have done it
   */
  async logout({ loginId }: Principal): Promise<void> {
    if (loginId === null) throw forbidden('You did not sign in here: sign out where you did');
    const ended = await this.unitOfWork.run((manager) => this.logins.end(loginId, manager));
    if (ended) this.publishEnd(ended);
  }

  private assertSelfService(role: Role): void {
    const choices = this.settings.selfServiceRoles;
    if (!choices.includes(role)) throw invalid(`role must be one of: ${choices.join(', ')}`);
  }

  private async beginLogin(user: UserEntity, manager: EntityManager): Promise<Session> {
    return this.issueTokens(user, await this.logins.begin(user.id, manager), manager);
  }

  private async issueTokens(user: UserEntity, loginId: string, manager: EntityManager): Promise<Session> {
    await this.logins.forgetExpired(user.id, manager);
    const expiresAt = new Date(Date.now() + this.settings.refreshTokenTtl);
    return {
      user,
      accessToken: await this.tokens.issue(user.id, loginId),
      refreshToken: await this.logins.addToken(loginId, expiresAt, manager),
      expiresIn: this.tokens.lifetime,
    };
  }

  private publishEnd({ id, userId }: EndedLogin): void {
    this.events.publish({ type: 'login.ended', userId, loginId: id });
  }
}
