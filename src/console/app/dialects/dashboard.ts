import type { Dialect } from './dialect.js';

/** Of one event session, which its path names; it says nothing of conversations, and listens to nothing. */
export const dashboardOf = (sessionId: string): Dialect => ({
  name: 'dashboard',
  path: `/ws/dashboard/${sessionId}`,
  extensions: [],
  hears: 'hears the check-ins of one event session.',
  enter: 'Watch',
  leave: 'Leave',
  hearsMemberships: false,
  nameOf: () => 'check_in',
  hear: (frame) => ({ kind: 'checked-in', checkIn: frame }),
});
