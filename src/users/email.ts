import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsAscii, IsEmail } from 'class-validator';

/** The form in which addresses are stored and compared: without case. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * An e-mail address of at most 254 characters. ASCII alone, so that JavaScript and the database agree on its lower case;
 * no comma, which would make two values of a header that names a user.
 */
export function IsEmailAddress(): PropertyDecorator {
  const message = '$property must be an e-mail address';
  return applyDecorators(
    // Made well-formed, since the library throws, rather than refuses, at half of a surrogate pair; a mended one is not ASCII.
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? normalizeEmail(value.toWellFormed()) : value,
    ),
    IsEmail({ require_tld: false, blacklisted_chars: ',' }, { message }),
    IsAscii({ message }),
  );
}
