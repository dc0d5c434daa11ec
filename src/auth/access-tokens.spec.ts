import { JwtService, type JwtSignOptions } from '@nestjs/jwt';
import { describe, expect, it } from 'vitest';
import { newId } from '../common/ids.js';
import { Environment } from '../config/env.js';
import { AuthSettings } from '../config/settings.js';
import { AccessTokens } from './access-tokens.js';
import { jwtOptions } from './jwt-options.js';

const SECRET = 'a secret of at least 32 characters';
const USER = newId();
const LOGIN = newId();

async function accessTokens(values: Record<string, string> = {}): Promise<AccessTokens> {
  const settings = new AuthSettings(new Environment({ JWT_SECRET: SECRET, ...values }));
  return new AccessTokens(new JwtService(await jwtOptions(settings, 'unused')), settings);
}

/** A token as ours are, but for the given differences. */
function forge(options: JwtSignOptions = {}, claims: object = { sid: LOGIN }): string {
  const good = { secret: SECRET, algorithm: 'HS256', issuer: 'parlance', audience: 'parlance', subject: USER } as const;
  return new JwtService().sign(claims, { ...good, expiresIn: 60, ...options });
}

describe('AccessTokens', () => {
  it('reads what it issued', async () => {
    const tokens = await accessTokens({ ACCESS_TOKEN_TTL: '90s' });
    const before = Math.floor(Date.now() / 1000) * 1000;
    const claims = await tokens.read(await tokens.issue(USER, LOGIN));
    expect(claims).toMatchObject({ userId: USER, loginId: LOGIN });
    expect(claims.expiresAt - before).toBeGreaterThanOrEqual(90_000);
    expect(claims.expiresAt - before).toBeLessThan(95_000);
    expect(tokens.lifetime).toBe(90);
  });

  it('issues no token twice, and with every registered claim', async () => {
    const tokens = await accessTokens();
    const [first, second] = [await tokens.issue(USER, LOGIN), await tokens.issue(USER, LOGIN)];
    expect(first).not.toBe(second);
    const claims = new JwtService().decode<object>(first);
    expect(Object.keys(claims).toSorted()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
  });

  it('reads a token that differs from its own in nothing that counts', async () => {
    await expect((await accessTokens()).read(forge())).resolves.toMatchObject({ userId: USER, loginId: LOGIN });
  });

  it.each([
    ['signed with another key', forge({ secret: 'another secret of 32 characters!' })],
    ['signed with HS512', forge({ algorithm: 'HS512' })],
    ['that is not signed', forge({ algorithm: 'none', secret: '' })],
    ['of another issuer', forge({ issuer: 'elsewhere' })],
    ['for another audience', forge({ audience: 'elsewhere' })],
    ['that has expired', forge({ expiresIn: -1 })],
    ['whose subject is no user', forge({ subject: 'ada' })],
    ['without a login', forge({}, {})],
    ['cut short', forge().slice(0, -4)],
    ['that is no token', 'opaque'],
    ['that is empty', ''],
  ])('refuses a token %s', async (_, token) => {
    await expect((await accessTokens()).read(token)).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});
