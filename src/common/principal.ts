import type { Role } from './roles.js';

/** What others may know of a user. */
export interface UserRef {
  readonly id: string;
  readonly number: number;
  readonly username: string;
  readonly fullName: string;
  readonly profileImageUrl: string | null;
  /** Shown by the `channels` dialect, whose document names users by it. */
  readonly email: string;
}

/** What others may know of a user, and nothing of what more `user` is: a row, or who is asking. */
export function toUserRef({ id, number, username, fullName, profileImageUrl, email }: UserRef): UserRef {
  return { id, number, username, fullName, profileImageUrl, email };
}

/** Who is asking: the user, as the database had it, and the login by which it came. */
export interface Principal extends UserRef {
  readonly role: Role;
  /** The login (an access token's `sid`), or null for one named by a believed header. */
  readonly loginId: string | null;
  /** Epoch milliseconds when the credentials end, or null where they do not. */
  readonly expiresAt: number | null;
  /** Someone of whom nothing is known, where a dialect lets guests listen. */
  readonly isGuest?: true;
}
