import { IsOptional, Matches } from 'class-validator';
import { PageQuery } from '../common/pagination.js';
import { IsText } from '../common/text.validator.js';
import { IsDay } from './day.validator.js';

const NAME = /^[a-z0-9-]{1,64}$/;

export class UsageQuery extends PageQuery {
  /** From this day on, in UTC. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** Until this day, and on it. */
  @IsOptional()
  @IsDay()
  to?: string;

  /** Of a dialect, or of `rest`. */
  @IsOptional()
  @Matches(NAME, { message: '$property must be the name of a dialect, or rest' })
  dialect?: string;

  /** Of a client, as `okhttp/4.12.0`. */
  @IsOptional()
  @IsText(1, 64)
  client?: string;

  /** Of those who have used this way that is to be left. */
  @IsOptional()
  @Matches(NAME, { message: '$property must be the name of a way' })
  way?: string;
}
