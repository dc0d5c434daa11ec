import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { randomUUID } from 'node:crypto';
import { forbidden, unauthenticated } from '../common/errors.js';
import { isUuid } from '../common/ids.js';
import { AuthSettings } from '../config/settings.js';

/** What an access token says: who, by which login, and until when. */
export interface AccessClaims {
  readonly userId: string;
  readonly loginId: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Access tokens are JWTs of this issuer for this audience, signed with HS256 and with nothing else. */
@Injectable()
export class AccessTokens {
  /** Seconds for which a token is good, at least one. */
  readonly lifetime: number;

  constructor(
    private readonly jwt: JwtService,
    private readonly settings: AuthSettings,
  ) {
    this.lifetime = Math.max(1, Math.floor(settings.accessTokenTtl / 1000));
  }

  /** @throws forbidden, where users sign in with another issuer only */
  assertIssued(): void {
    if (!this.settings.issuesTokens) throw forbidden('Users sign in elsewhere, with the issuer of their tokens');
  }

  /** To be asked for only where tokens are issued ({@link assertIssued}). */
  issue(userId: string, loginId: string): Promise<string> {
    return this.jwt.signAsync({ sid: loginId }, { subject: userId, jwtid: randomUUID(), expiresIn: this.lifetime });
  }

  /** @throws unauthenticated, when the token is not ours, not an access token, or expired */
  async read(token: string): Promise<AccessClaims> {
    if (!this.settings.issuesTokens) throw unauthenticated();
    const { header, payload } = await this.verify(token).catch(() => {
      throw unauthenticated();
    });
    const { sub, sid, exp } = payload;
    // `crit` names what a reader must understand or refuse (RFC 7515, 4.1.11); the library passes over it.
    if ('crit' in header || !isUuid(sub) || !isUuid(sid) || typeof exp !== 'number') throw unauthenticated();
    return { userId: sub, loginId: sid, expiresAt: exp * 1000 };
  }

  private verify(token: string): Promise<{ header: object; payload: Record<string, unknown> }> {
    return this.jwt.verifyAsync(token, { complete: true });
  }
}
