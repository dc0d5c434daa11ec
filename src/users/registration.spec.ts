import { describe, expect, it } from 'vitest';
import { withNames } from './registration.js';

const ADA = { email: 'ada@example.com', passwordHash: 'hash', role: 'member' } as const;

describe('withNames', () => {
  it("calls a user by the e-mail's local part", () => {
    expect(withNames(ADA)).toEqual({ ...ADA, username: 'ada', fullName: 'ada' });
  });

  it('takes the username for the full name', () => {
    expect(withNames({ ...ADA, username: 'countess' })).toMatchObject({ username: 'countess', fullName: 'countess' });
  });

  it('keeps the names that were given', () => {
    const names = { username: 'countess', fullName: 'Ada Lovelace' };
    expect(withNames({ ...ADA, ...names })).toMatchObject(names);
  });
});
