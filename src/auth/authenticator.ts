import { Injectable } from '@nestjs/common';
import { unauthenticated } from '../common/errors.js';
import { isUuid } from '../common/ids.js';
import type { Principal } from '../common/principal.js';
import { isStorable } from '../common/text.js';
import { PreparedStatements, type Statement } from '../database/prepared.js';
import { Authenticator, type Credentials } from '../realtime/ports.js';
import { normalizeEmail } from '../users/email.js';
import { AccessTokens } from './access-tokens.js';
import { ForeignTokens } from './foreign-tokens.js';
import { HeaderAuth } from './header-auth.js';

type Identity = Omit<Principal, 'loginId' | 'expiresAt'>;

const IDENTITY = `users.id, users.number, users.username, users.full_name AS "fullName",
  users.profile_image_url AS "profileImageUrl", users.email, users.role`;

const BY_LOGIN: Statement = {
  name: 'principal_by_login',
  text: `SELECT ${IDENTITY} FROM logins JOIN users ON users.id = logins.user_id
    WHERE logins.id = $1 AND users.id = $2 AND logins.ended_at IS NULL AND users.disabled_at IS NULL`,
};

const BY_EMAIL: Statement = {
  name: 'principal_by_email',
  text: `SELECT ${IDENTITY} FROM users WHERE users.email = $1 AND users.disabled_at IS NULL`,
};

/** Who is disabled is nobody, not the one who has the e-mail address instead. */
const BY_ISSUER: Statement = {
  name: 'principal_by_issuer',
  text: `SELECT ${IDENTITY} FROM
      (SELECT * FROM users WHERE id = $1 OR email = $2 ORDER BY id = $1 DESC NULLS LAST LIMIT 1) AS users
    WHERE users.disabled_at IS NULL`,
};

/** Believes nothing that the database does not confirm now: a login that has ended or a user that is disabled is no one. */
@Injectable()
export class DatabaseAuthenticator extends Authenticator {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly foreignTokens: ForeignTokens,
    private readonly headers: HeaderAuth,
    private readonly statements: PreparedStatements,
  ) {
    super();
  }

  async authenticate({ bearer, userEmail, peerAddress }: Credentials): Promise<Principal> {
    if (bearer !== undefined) return this.byToken(bearer);
    if (userEmail.length > 0 && this.headers.believes(peerAddress)) return this.byHeader(userEmail);
    throw unauthenticated();
  }

  private byToken(token: string): Promise<Principal> {
    return this.foreignTokens.claims(token) ? this.byForeignToken(token) : this.byOwnToken(token);
  }

  private async byOwnToken(token: string): Promise<Principal> {
    const { userId, loginId, expiresAt } = await this.tokens.read(token);
    return { ...(await this.identify(BY_LOGIN, [loginId, userId])), loginId, expiresAt };
  }

  /** Someone whom the other issuer knows is a user when registered here, under that id or with that e-mail address. */
  private async byForeignToken(token: string): Promise<Principal> {
    const { subject, email, expiresAt } = await this.foreignTokens.read(token);
    const id = isUuid(subject) ? subject : null;
    const address = email !== undefined && isStorable(email) ? normalizeEmail(email) : null;
    return { ...(await this.identify(BY_ISSUER, [id, address])), loginId: null, expiresAt };
  }

  /** Two values, or what a proxy joined into one, may be a client's beside the proxy's: neither is believed. */
  private async byHeader([email = '', ...more]: readonly string[]): Promise<Principal> {
    if (more.length > 0 || email.includes(',') || !isStorable(email)) throw unauthenticated();
    return { ...(await this.identify(BY_EMAIL, [normalizeEmail(email)])), loginId: null, expiresAt: null };
  }

  private async identify(statement: Statement, values: unknown[]): Promise<Identity> {
    const [identity] = await this.statements.execute<Identity>(statement, values);
    if (!identity) throw unauthenticated();
    return identity;
  }
}
