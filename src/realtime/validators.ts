import { ValidateBy } from 'class-validator';
import type { ConversationName } from './ports.js';

const LONGEST_NAME = 64;
const LARGEST_OFFSET = 2 ** 31 - 1; // PostgreSQL's integer

/** A conversation as any client may name it: uuid, number or slug. */
export function IsConversationName(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isConversationName',
      validator: {
        validate: isConversationName,
        defaultMessage: (validation) => `${validation?.property} must be the id of a conversation`,
      },
    },
    {
      context: { schema: { oneOf: [{ type: 'string', minLength: 1, maxLength: LONGEST_NAME }, { type: 'integer' }] } },
    },
  );
}

export function isConversationName(value: unknown): value is ConversationName {
  return (typeof value === 'string' && value.length > 0 && value.length <= LONGEST_NAME) || Number.isSafeInteger(value);
}

/** An offset to resume from: a whole number from 0. */
export function IsOffset(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isOffset',
      validator: {
        validate: (value) => Number.isInteger(value) && value >= 0 && value <= LARGEST_OFFSET,
        defaultMessage: (validation) => `${validation?.property} must be an offset, a whole number from 0`,
      },
    },
    { context: { schema: { type: 'integer', minimum: 0, maximum: LARGEST_OFFSET } } },
  );
}
