import type { JwtModuleOptions } from '@nestjs/jwt';
import { createSecretKey } from 'node:crypto';
import type { AuthSettings } from '../config/settings.js';
import { keptJwtSecret } from './jwt-secret.js';

/**
 * How our own access tokens are signed, and all that is accepted of them: one algorithm, one issuer, one audience. There is
 * no key, and nothing is signed or read, where users do not sign in here.
 */
export async function jwtOptions(settings: AuthSettings, dataDir: string): Promise<JwtModuleOptions> {
  const { jwtIssuer: issuer, jwtAudience: audience } = settings;
  const secret = settings.jwtSecret ?? (settings.issuesTokens ? await keptJwtSecret(dataDir) : undefined);
  return {
    // As a key: of text the library tries first, at every token, whether it is a public key.
    ...(secret !== undefined && { secret: createSecretKey(Buffer.from(secret)) }),
    signOptions: { algorithm: 'HS256', issuer, audience },
    verifyOptions: { algorithms: ['HS256'], issuer, audience },
  };
}
