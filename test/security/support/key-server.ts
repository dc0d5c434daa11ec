import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const ISSUER = 'https://id.example.com/';
export const AUDIENCE = 'parlance-clients';

/** Another issuer of tokens, with a server of its own for the keys that they are signed by. */
export class Issuer {
  /** How often its keys were asked for. */
  fetches = 0;
  /** How it answers; by default with its keys. */
  answer: (response: ServerResponse) => void = (response) => this.publish(response);
  readonly published: JWK[] = [];
  private readonly server = createServer((_, response) => {
    this.fetches++;
    this.answer(response);
  });
  private port = 0;

  static async start(): Promise<Issuer> {
    const issuer = new Issuer();
    await issuer.open();
    return issuer;
  }

  /** Where its keys are. */
  get uri(): string {
    return `http://127.0.0.1:${this.port}/keys`;
  }

  /** Listens, at the same port as before. */
  async open(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close').catch(() => {});
  }

  /** Makes a key; one that is not published is nobody's. */
  async key(kid: string, { alg = 'RS256', publish = true } = {}): Promise<IssuerKey> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
    if (publish) this.published.push(jwk);
    return { kid, alg, privateKey, publicKey, jwk };
  }

  publish(response: ServerResponse): void {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: this.published }));
  }
}

export interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

/** A token of the issuer's, good for ten minutes unless the claims differ; `undefined` leaves one out. */
export function signToken(key: IssuerKey, claims: Record<string, unknown>, header: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: ISSUER, aud: AUDIENCE, iat: now, exp: now + 600, ...claims };
  const protectedHeader = { alg: key.alg, kid: key.kid, typ: 'JWT', ...header };
  return new SignJWT(all).setProtectedHeader(protectedHeader).sign(key.privateKey, { crit: { 'x-limit': true } });
}
