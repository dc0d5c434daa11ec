import { IsOptional, IsUUID, Matches } from 'class-validator';
import { PageQuery } from '../common/pagination.js';
import { IsUserId } from '../users/user-id.validator.js';

export class ConnectionsQuery extends PageQuery {
  /** Those of a user, by uuid or number. */
  @IsOptional()
  @IsUserId()
  user?: string;

  @IsOptional()
  @Matches(/^[a-z0-9-]{1,32}$/, { message: '$property must be the name of a dialect' })
  dialect?: string;

  /** Those to a node, by its id. */
  @IsOptional()
  @IsUUID()
  node?: string;
}
