/** Every role a user may have: a plain member, a pet owner, a pet-care provider, a host of event sessions, an admin. */
export const ROLES = ['member', 'client', 'provider', 'host', 'admin'] as const;

export type Role = (typeof ROLES)[number];
