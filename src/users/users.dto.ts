import { IsBoolean, IsIn, IsUrl, ValidateIf } from 'class-validator';
import { PageQuery } from '../common/pagination.js';
import { type Role, ROLES } from '../common/roles.js';
import { IsText, Trim } from '../common/text.validator.js';
import { IsFullName, IsUsername } from './names.validator.js';

/** What is not given stays as it is. */
export class ProfileDto {
  @ValidateIf((_, value) => value !== undefined)
  @IsUsername()
  username?: string;

  @ValidateIf((_, value) => value !== undefined)
  @IsFullName()
  full_name?: string;

  /** Null takes the picture away. */
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsText(1, 2048)
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  profile_image_url?: string | null;
}

/** What is not given stays as it is. */
export class StandingDto {
  @ValidateIf((_, value) => value !== undefined)
  @IsIn(ROLES)
  role?: Role;

  /** A disabled user cannot sign in, and is signed out everywhere. */
  @ValidateIf((_, value) => value !== undefined)
  @IsBoolean()
  disabled?: boolean;
}

export class UsersQuery extends PageQuery {
  /** How a username or a full name begins. */
  @Trim()
  @IsText(0, 200)
  query: string = '';
}
