import { IsEmail, IsIn, IsInt, IsISO8601, IsString, IsUUID } from 'class-validator';
import { Nullable } from '../common/shape.validators.js';
import type { UserRef } from '../common/principal.js';
import { type Role, ROLES } from '../common/roles.js';
import type { UserEntity } from './user.entity.js';

/** A user as REST shows it beside something else: who sent a message, who takes part. */
export class UserSummaryBody {
  @IsUUID()
  id: string;

  @IsInt()
  number: number;

  @IsString()
  username: string;

  @IsString()
  full_name: string;

  @Nullable()
  @IsString()
  profile_image_url: string | null;
}

/** A user as REST shows it to everyone. */
export class UserBody extends UserSummaryBody {
  @IsIn(ROLES)
  role: Role;

  @IsISO8601()
  created_at: string;
}

/** A user as REST shows it to itself. */
export class OwnUserBody extends UserBody {
  @IsEmail({ require_tld: false })
  email: string;
}

/** A user as REST shows it to an admin who has changed its standing. */
export class ManagedUserBody extends OwnUserBody {
  @Nullable()
  @IsISO8601()
  disabled_at: string | null;
}

export function presentUserSummary(user: UserRef): UserSummaryBody {
  return {
    id: user.id,
    number: user.number,
    username: user.username,
    full_name: user.fullName,
    profile_image_url: user.profileImageUrl,
  };
}

export function presentUser(user: UserEntity): UserBody {
  return {
    ...presentUserSummary(user),
    role: user.role,
    created_at: user.createdAt.toISOString(),
  };
}

export function presentOwnUser(user: UserEntity): OwnUserBody {
  return { ...presentUser(user), email: user.email };
}

export function presentManagedUser(user: UserEntity): ManagedUserBody {
  return { ...presentOwnUser(user), disabled_at: user.disabledAt?.toISOString() ?? null };
}
