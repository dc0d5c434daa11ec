import { createHmac } from 'node:crypto';
import { v7 } from 'uuid';

/** The key with which the servers under test check tokens, and the benchmark makes them. */
export const JWT_SECRET = 'a secret that only a benchmark knows, and everyone may';
const TOKEN_LIFETIME = 86_400; // seconds

/** Someone who connects. */
export interface Person {
  readonly id: string;
  readonly token: string;
}

export interface Conversation {
  readonly id: string;
  readonly kind: 'group' | 'channel';
  /** Who takes part, from the beginning. */
  readonly participants: readonly Person[];
}

/** Who and what there must be in a database for a scenario. */
export interface World {
  readonly people: readonly Person[];
  readonly conversations: readonly Conversation[];
}

const logins = new WeakMap<Person, string>();

/** Someone new, with a token that is good all day, of a login that is to be stored ({@link loginOf}). */
export function makePerson(): Person {
  const [id, login] = [v7(), v7()];
  const person = { id, token: signToken(id, login) };
  logins.set(person, login);
  return person;
}

export function makePeople(count: number): Person[] {
  return Array.from({ length: count }, makePerson);
}

export function makeConversation(participants: readonly Person[], kind: Conversation['kind'] = 'group'): Conversation {
  return { id: v7(), kind, participants };
}

/** The login that a person's token belongs to. */
export function loginOf(person: Person): string {
  return logins.get(person)!;
}

/** An access token as the server under test issues them. */
function signToken(userId: string, loginId: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sid: loginId, iat: now, exp: now + TOKEN_LIFETIME, aud: 'parlance', iss: 'parlance', sub: userId };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, jti: v7() })}`;
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
