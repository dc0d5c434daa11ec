import { Injectable } from '@nestjs/common';
import { unauthenticated } from '../common/errors.js';
import { Gatherer } from '../common/gatherer.js';
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
  name: 'principals_by_login',
  text: `SELECT asked.place, ${IDENTITY}
    FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS asked (login_id, user_id, place)
    CROSS JOIN LATERAL (
      SELECT user_id FROM logins WHERE logins.id = asked.login_id AND logins.ended_at IS NULL LIMIT 1
    ) AS login
    CROSS JOIN LATERAL (SELECT * FROM users WHERE users.id = login.user_id LIMIT 1) AS users
    WHERE users.id = asked.user_id AND users.disabled_at IS NULL`,
};

const BY_EMAIL: Statement = {
  name: 'principals_by_email',
  text: `SELECT asked.place, ${IDENTITY} FROM unnest($1::text[]) WITH ORDINALITY AS asked (email, place)
    CROSS JOIN LATERAL (SELECT * FROM users WHERE users.email = asked.email LIMIT 1) AS users
    WHERE users.disabled_at IS NULL`,
};

/** Who is disabled is nobody, not the one who has the e-mail address instead. */
const BY_ISSUER: Statement = {
  name: 'principals_by_issuer',
  text: `SELECT asked.place, ${IDENTITY} FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS asked (id, email, place)
    CROSS JOIN LATERAL (
      SELECT * FROM users WHERE users.id = asked.id OR users.email = asked.email
      ORDER BY users.id = asked.id DESC NULLS LAST LIMIT 1
    ) AS users
    WHERE users.disabled_at IS NULL`,
};

/** Believes nothing that the database does not confirm now: a login that has ended or a user that is disabled is no one. */
@Injectable()
export class DatabaseAuthenticator extends Authenticator {
  private readonly byLogin = this.gatherer<{ loginId: string; userId: string }>(BY_LOGIN, (asked) => [
    asked.map(({ loginId }) => loginId),
    asked.map(({ userId }) => userId),
  ]);
  private readonly byEmail = this.gatherer<string>(BY_EMAIL, (emails) => [emails]);
  private readonly byIssuer = this.gatherer<{ id: string | null; email: string | null }>(BY_ISSUER, (asked) => [
    asked.map(({ id }) => id),
    asked.map(({ email }) => email),
  ]);

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

  async confirm({ id, loginId, expiresAt }: Principal): Promise<Principal> {
    const identity =
      loginId === null ? this.byIssuer.get({ id, email: null }) : this.byLogin.get({ loginId, userId: id });
    return toPrincipal(await identity, loginId, expiresAt);
  }

  private byToken(token: string): Promise<Principal> {
    return this.foreignTokens.claims(token) ? this.byForeignToken(token) : this.byOwnToken(token);
  }

  private async byOwnToken(token: string): Promise<Principal> {
    const { userId, loginId, expiresAt } = await this.tokens.read(token);
    return toPrincipal(await this.byLogin.get({ loginId, userId }), loginId, expiresAt);
  }

  /** Someone whom the other issuer knows is a user when registered here, under that id or with that e-mail address. */
  private async byForeignToken(token: string): Promise<Principal> {
    const { subject, email, expiresAt } = await this.foreignTokens.read(token);
    const id = isUuid(subject) ? subject : null;
    const address = email !== undefined && isStorable(email) ? normalizeEmail(email) : null;
    return toPrincipal(await this.byIssuer.get({ id, email: address }), null, expiresAt);
  }

  /** Two values, or what a proxy joined into one, may be a client's beside the proxy's: neither is believed. */
  private async byHeader([email = '', ...more]: readonly string[]): Promise<Principal> {
    if (more.length > 0 || email.includes(',') || !isStorable(email)) throw unauthenticated();
    return toPrincipal(await this.byEmail.get(normalizeEmail(email)), null, null);
  }

  /** Finds users by a statement whose parameters are columns, and whose rows tell the places of what was asked, from 1. */
  private gatherer<Question>(
    statement: Statement,
    columnsOf: (questions: readonly Question[]) => readonly unknown[],
  ): Gatherer<Question, Identity | undefined> {
    return new Gatherer(async (questions) => {
      const rows = await this.statements.execute<Identity & { place: number }>(statement, [...columnsOf(questions)]);
      const identities: (Identity | undefined)[] = questions.map(() => undefined);
      for (const row of rows) identities[row.place - 1] = row;
      return identities;
    });
  }
}

/**
 * Field by field: what is made by spreading has a shape of its own, which takes more memory than what is in it.
 *
 * @throws unauthenticated, when it is nobody
 */
function toPrincipal(identity: Identity | undefined, loginId: string | null, expiresAt: number | null): Principal {
  if (!identity) throw unauthenticated();
  const { id, number, username, fullName, profileImageUrl, email, role } = identity;
  return { id, number, username, fullName, profileImageUrl, email, role, loginId, expiresAt };
}
