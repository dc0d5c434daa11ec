import { hash, hashSync, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';

/** argon2id at the costs that OWASP's cheat sheet asks for: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a password that nobody has. */
const DECOY = hashSync(randomBytes(32), COST);

/** The hash to keep of a password, with its salt and costs in it. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/**
 * Whether the password is the one that was hashed. Without a hash the answer is no, after as much work, so that the time it
 * takes does not tell whether there is such a user.
 */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? DECOY, password);
  return matches && passwordHash !== undefined;
}
