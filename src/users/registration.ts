import type { UserEntity } from './user.entity.js';

/** Who a user wants to be. */
export type Registration = Pick<UserEntity, 'email' | 'passwordHash' | 'role'> & {
  readonly username?: string | undefined;
  readonly fullName?: string | undefined;
};

export type NewUser = Pick<UserEntity, 'email' | 'passwordHash' | 'role' | 'username' | 'fullName'>;

/** Gives names to who gave none: the e-mail's local part, and what the username is. */
export function withNames({ email, passwordHash, role, ...names }: Registration): NewUser {
  const username = names.username ?? email.slice(0, email.lastIndexOf('@'));
  return { email, passwordHash, role, username, fullName: names.fullName ?? username };
}
