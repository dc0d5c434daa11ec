import { ValidateBy } from 'class-validator';
import { isDay } from './day.js';

/** A day, as `2026-11-21`. */
export function IsDay(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isDay',
      validator: {
        validate: isDay,
        defaultMessage: (validation) => `${validation?.property} must be a day such as 2026-11-21`,
      },
    },
    { context: { schema: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } } },
  );
}
