import { describe, expect, it } from 'vitest';
import { newId } from '../common/ids.js';
import type { Principal } from '../common/principal.js';
import type { Role } from '../common/roles.js';
import { assertMayRun } from './check-ins.policy.js';

const hostId = newId();
const someone = (id: string, role: Role) => ({ id, role }) as Principal;

describe('assertMayRun', () => {
  it.each([
    ["the session's host", someone(hostId, 'host')],
    ['an admin', someone(newId(), 'admin')],
  ])('lets %s', (_, principal) => expect(() => assertMayRun(principal, { hostId })).not.toThrow());

  it.each(['host', 'member', 'client', 'provider'] as const)('refuses another user of the role %s', (role) => {
    expect(() => assertMayRun(someone(newId(), role), { hostId })).toThrow("Only the session's host may do that");
  });
});
