import { Injectable } from '@nestjs/common';
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { DomainError, unauthenticated, unavailable } from '../common/errors.js';
import { AuthSettings } from '../config/settings.js';

/** What a token of the other issuer says: who, and until when. */
export interface ForeignClaims {
  readonly subject: string | undefined;
  /** An address of which the issuer does not say that it is not the user's. */
  readonly email: string | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Signatures that a public key shows to be good and cannot make: a published key never signs anything. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Milliseconds: to fetch the keys; until a token by a key that is not there has them fetched anew; until they are old. */
const KEYS = { timeoutDuration: 3_000, cooldownDuration: 5_000, cacheMaxAge: 10 * 60_000 };

/** Seconds by which the issuer's clock may be ahead of ours. */
const CLOCK_TOLERANCE = 10;

/** Access tokens of another issuer (`JWT_JWKS_URI`), who publishes the keys that they are signed by. */
@Injectable()
export class ForeignTokens {
  private readonly findKey: JWTVerifyGetKey | undefined;

  constructor(private readonly settings: AuthSettings) {
    this.findKey = settings.jwksUri && keysAt(settings.jwksUri);
  }

  /** Whether a token is for the other issuer's keys to prove, never for our own: the way it is signed says so. */
  claims(token: string): boolean {
    return this.findKey !== undefined && ALGORITHMS.includes(algorithmOf(token) ?? '');
  }

  /** @throws unauthenticated, when the token is no good; unavailable, when that cannot be told for want of keys */
  async read(token: string): Promise<ForeignClaims> {
    const { sub, exp = 0, ...others } = await this.verify(token);
    const expiresAt = exp * 1000;
    if (expiresAt <= Date.now()) throw unauthenticated(); // the tolerance is for clocks that are ahead
    return { subject: sub, email: emailIn(others), expiresAt };
  }

  private async verify(token: string): Promise<JWTPayload> {
    if (!this.findKey) throw unauthenticated();
    const { jwtIssuer: issuer, jwtAudience: audience } = this.settings;
    const options = {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE,
    };
    try {
      return (await jwtVerify(token, this.findKey, options)).payload;
    } catch (error) {
      throw error instanceof DomainError ? error : unauthenticated();
    }
  }
}

/** The keys at an address, fetched when first needed. That they cannot be had is not the fault of who shows a token. */
function keysAt(address: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(address, KEYS);
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      const isOfToken = error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
      throw isOfToken ? unauthenticated() : unavailable('The keys that prove tokens cannot be had, try again');
    }
  };
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined;
  }
}

/** Some issuers write their booleans as text. */
function emailIn({ email, email_verified: verified = true }: JWTPayload): string | undefined {
  return typeof email === 'string' && (verified === true || verified === 'true') ? email : undefined;
}
