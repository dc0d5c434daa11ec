import { IsIn, IsOptional } from 'class-validator';
import { ROLES, type Role } from '../common/roles.js';
import { CredentialsDto } from '../users/credentials.dto.js';
import { IsEmailAddress } from '../users/email.js';
import { IsFullName, IsUsername } from '../users/names.validator.js';
import { IsText } from '../common/text.validator.js';

export class RegisterDto extends CredentialsDto {
  @IsOptional()
  @IsUsername()
  username?: string | null;

  @IsOptional()
  @IsFullName()
  full_name?: string | null;

  @IsOptional()
  @IsIn(ROLES)
  role?: Role | null;
}

/** Any password may be tried: that it is too short to be anyone's is for the answer to hide. */
export class LoginDto {
  @IsEmailAddress()
  email: string;

  @IsText(1, 200)
  password: string;
}

export class RefreshDto {
  @IsText(1, 200)
  refresh_token: string;
}
