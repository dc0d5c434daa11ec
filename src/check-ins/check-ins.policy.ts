import { forbidden } from '../common/errors.js';
import type { Principal } from '../common/principal.js';
import type { EventSessionEntity } from './event-session.entity.js';

/** A session is its host's, and every admin's, to run: to see who checked in, and to check others in. @throws forbidden */
export function assertMayRun({ id, role }: Principal, { hostId }: Pick<EventSessionEntity, 'hostId'>): void {
  if (id !== hostId && role !== 'admin') throw forbidden("Only the session's host may do that");
}
