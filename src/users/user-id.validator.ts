import { ValidateBy } from 'class-validator';
import { isUuid, toNumber } from '../common/ids.js';

/** A user by uuid or number, the latter also as text. */
export function IsUserId(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isUserId',
      validator: {
        validate: isUserId,
        defaultMessage: (validation) => `${validation?.property} must be a user's id or number`,
      },
    },
    { context: { schema: { oneOf: [{ type: 'string' }, { type: 'integer', minimum: 1 }] } } },
  );
}

function isUserId(value: unknown): boolean {
  return isUuid(value) || ((typeof value === 'string' || typeof value === 'number') && toNumber(value) !== undefined);
}
