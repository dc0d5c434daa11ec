import { Transform } from 'class-transformer';
import { buildMessage, ValidateBy } from 'class-validator';
import { isStorable, lengthOf } from './text.js';

/** Text of `least` to `most` characters (code points) that the database can keep as it is. */
export function IsText(least: number, most: number): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isText',
      constraints: [least, most],
      validator: {
        validate: (value: unknown) => {
          if (typeof value !== 'string' || !isStorable(value)) return false;
          const length = lengthOf(value);
          return length >= least && length <= most;
        },
        defaultMessage: buildMessage(
          (each) => `${each}$property must be text of $constraint1 to $constraint2 characters`,
        ),
      },
    },
    { context: { schema: { type: 'string', minLength: least, maxLength: most } } },
  );
}

/** Takes the white space off both ends, before the text is validated. */
export function Trim(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
}
