import { type ExecutionContext, Injectable } from '@nestjs/common';
import {
  ThrottlerGuard,
  type ThrottlerLimitDetail,
  type ThrottlerModuleOptions,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rateLimited } from '../common/errors.js';
import { normalizeEmail } from '../users/email.js';

const MINUTE = 60_000;

/** Guessing at one account, from one address. To be skipped where no account is named. */
export const PER_ACCOUNT = 'account';

/** How often one address may ask for each of the routes that cost a password hash or a token. */
export const throttlerOptions = (enabled: boolean, storage: ThrottlerStorage): ThrottlerModuleOptions => ({
  throttlers: [
    { name: 'address', ttl: MINUTE, limit: 600 },
    { name: PER_ACCOUNT, ttl: MINUTE, limit: 60, getTracker: accountOf },
  ],
  storage,
  skipIf: () => !enabled,
  setHeaders: false,
});

/** Refuses in the form that every error has. */
@Injectable()
export class AuthThrottlerGuard extends ThrottlerGuard {
  protected override throwThrottlingException(context: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    context.switchToHttp().getResponse<FastifyReply>().header('Retry-After', detail.timeToBlockExpire);
    return Promise.reject(rateLimited());
  }
}

/** Guards run before validation: the body may be anything. */
function accountOf(request: Record<string, unknown>): string {
  const { ip, body } = request as unknown as FastifyRequest<{ Body: { email?: unknown } | null | undefined }>;
  return `${ip} ${typeof body?.email === 'string' ? normalizeEmail(body.email) : ''}`;
}
