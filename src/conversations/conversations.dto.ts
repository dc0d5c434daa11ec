import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { isUuid, toNumber } from '../common/ids.js';
import { IsText, Trim } from '../common/text.validator.js';
import { isSlug, SLUG } from './conversation-name.js';

const MOST_USERS = 100;
const LARGEST_SEQ = 2 ** 31 - 1;

export class CreateConversationDto {
  @IsIn(['direct', 'group'])
  kind: 'direct' | 'group';

  @IsUserNames()
  participant_ids: string[];

  /** Of a group. */
  @IsOptional()
  @IsTitle()
  title?: string | null;
}

export class AddParticipantsDto {
  @IsUserNames()
  user_ids: string[];
}

export class CreateChannelDto {
  @IsSlug()
  slug: string;

  @IsOptional()
  @IsTitle()
  title?: string | null;
}

export class ReadDto {
  /** The message up to which all is read; the newest when none is given. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LARGEST_SEQ)
  seq?: number | null;
}

function IsTitle(): PropertyDecorator {
  return applyDecorators(Trim(), IsText(1, 200));
}

/** Users, each named by uuid or number. */
function IsUserNames(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(toUserName) : value)),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MOST_USERS),
    ValidateBy(
      {
        name: 'isUserName',
        validator: {
          validate: (value: unknown) => isUuid(value) || (typeof value === 'string' && toNumber(value) !== undefined),
          defaultMessage: (validation) => `each value in ${validation?.property} must be a user's id or number`,
        },
      },
      { each: true, context: { schema: { oneOf: [{ type: 'string' }, { type: 'integer', minimum: 1 }] } } },
    ),
  );
}

function toUserName(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'string' ? String(value).toLowerCase() : value;
}

function IsSlug(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isSlug',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isSlug(value),
        defaultMessage: (validation) =>
          `${validation?.property} must be 1 to 64 letters, digits, "_", "." or "-", with a letter and not of a uuid's form`,
      },
    },
    { context: { schema: { type: 'string', pattern: SLUG.source } } },
  );
}
