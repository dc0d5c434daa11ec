import { presentCheckIn } from '../../check-ins/check-in.presenter.js';
import type { DomainEvent } from '../../realtime/events.js';
import type { Dialect, Presentation } from '../dialect.js';
import { type CheckInFrame, frames } from './dashboard.frames.js';

/** `flat-and-dashboard.md`, "Dashboard WebSocket": an event session's check-ins as they happen, for whoever may watch. */
export const dashboard: Dialect = {
  name: 'dashboard',
  path: '/ws/dashboard/:sessionID',
  memberships: 'ignored',
  headerAuth: false,
  readOnly: true,
  guests: true,
  frames,

  recognises: () => true,

  eventOf: () => undefined,

  present(event: DomainEvent): Presentation | undefined {
    return event.type === 'check-in.recorded'
      ? { frame: (): CheckInFrame => presentCheckIn(event.checkIn) }
      : undefined;
  },

  error: ({ message }) => ({ event: 'error', message }),
};
