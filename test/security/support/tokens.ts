import { createHmac, type KeyObject, randomUUID, sign } from 'node:crypto';

/** A token put together by hand, so that anything may be wrong with it. */
export interface Forgery {
  readonly header?: Readonly<Record<string, unknown>>;
  /** Before `claims`, as they are in the server's own; `undefined` leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signs what is to be signed; by default as `secret` and the header's `alg` say. */
  readonly signature?: string | ((signed: string) => string);
}

const seconds = (): number => Math.floor(Date.now() / 1000);

/** The claims that every token of this project has; `sub` and `sid` are the forger's to give. */
export function goodClaims(): Record<string, unknown> {
  return { iss: 'parlance', aud: 'parlance', iat: seconds(), exp: seconds() + 600, jti: randomUUID() };
}

/** Makes a token that is as the server's own, signed by its key, but for what `forgery` changes. */
export function forge(secret: string | Buffer, { header, claims, signature }: Forgery = {}): string {
  const head = { alg: 'HS256', typ: 'JWT', ...header };
  const signed = `${encode(head)}.${encode({ ...goodClaims(), ...claims })}`;
  if (typeof signature === 'string') return `${signed}.${signature}`;
  return `${signed}.${signature ? signature(signed) : hmac(secret, head.alg)(signed)}`;
}

export const hmac =
  (secret: string | Buffer, alg = 'HS256') =>
  (signed: string): string =>
    createHmac(`sha${/\d+$/.exec(alg)?.[0] ?? '256'}`, secret)
      .update(signed)
      .digest('base64url');

/** A signature by a private key: RS256 by one of RSA, ES256 by one of a curve. */
export const signedBy =
  (key: KeyObject) =>
  (signed: string): string =>
    sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');

export function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
}
