import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { CredentialsDto } from './credentials.dto.js';

const GOOD = { email: 'ada@example.com', password: 'correct horse' };

function problemsOf(given: Record<string, unknown>): string[] {
  const errors = validateSync(plainToInstance(CredentialsDto, { ...GOOD, ...given }));
  return errors.flatMap(({ constraints }) => Object.values(constraints ?? {}));
}

describe('CredentialsDto', () => {
  it('takes an address without its case and the space around it', () => {
    expect(plainToInstance(CredentialsDto, { ...GOOD, email: ' Ada@Example.COM ' }).email).toBe('ada@example.com');
  });

  it.each(['ada@example.com', 'ada+chat@example.com', 'ada@localhost', `${'a'.repeat(64)}@example.com`])(
    'takes the address %s',
    (email) => expect(problemsOf({ email })).toEqual([]),
  );

  it.each([
    ['nothing', undefined],
    ['a number', 7],
    ['a list', ['ada@example.com']],
    ['no domain', 'ada'],
    ['two addresses', 'ada@example.com,bob@example.com'],
    ['a comma in quotes', '"a,b"@example.com'],
    ['letters beyond ASCII', 'ada@exämple.com'],
    ['a NUL', 'ada\0@example.com'],
    ['half of a surrogate pair', 'ada\ud83d@example.com'],
    ['more than 254 characters', `ada@${'a.'.repeat(130)}com`],
  ])('refuses %s as an address', (_, email) =>
    expect(problemsOf({ email })).toContain('email must be an e-mail address'),
  );

  it.each([
    ['of 8 characters', '12345678'],
    ['of 200 characters', 'x'.repeat(200)],
    ['of 8 emoji', '🔑'.repeat(8)],
    ['with spaces around it', '  123456'],
  ])('takes a password %s', (_, password) => expect(problemsOf({ password })).toEqual([]));

  it.each([
    ['of 7 characters', '1234567'],
    ['of 201 characters', 'x'.repeat(201)],
    ['of 4 emoji', '🔑'.repeat(4)],
    ['with a NUL', 'correct\0horse'],
    ['with half of a surrogate pair', 'correct horse \ud83d'],
    ['that is no text', 12345678],
  ])('refuses a password %s', (_, password) =>
    expect(problemsOf({ password })).toEqual(['password must be text of 8 to 200 characters']),
  );
});
