import { Equals, IsInt, IsString } from 'class-validator';
import { IsObjectOf } from '../common/shape.validators.js';
import { OwnUserBody, presentOwnUser } from '../users/users.presenter.js';
import type { Session } from './auth.service.js';

/** Tokens as OAuth 2.0 (RFC 6749, section 5.1) writes them, and whose they are. */
export class SessionBody {
  @IsString()
  access_token: string;

  @IsString()
  refresh_token: string;

  @Equals('Bearer')
  token_type: 'Bearer';

  /** Seconds. */
  @IsInt()
  expires_in: number;

  @IsObjectOf(() => OwnUserBody)
  user: OwnUserBody;
}

export function presentSession(session: Session): SessionBody {
  return {
    access_token: session.accessToken,
    refresh_token: session.refreshToken,
    token_type: 'Bearer',
    expires_in: session.expiresIn,
    user: presentOwnUser(session.user),
  };
}
