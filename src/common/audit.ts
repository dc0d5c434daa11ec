import { Logger } from '@nestjs/common';
import type { Principal } from './principal.js';

const logger = new Logger('Audit');

/**
 * Writes down, in the log, what an admin has done or looked at, and of whom: by ids, which the log may have.
 *
 * @param target ids and fixed words only: nothing that a client has written
 */
export function audit(
  admin: Pick<Principal, 'id'>,
  action: string,
  target: Readonly<Record<string, string | boolean | undefined>> = {},
): void {
  logger.log({ action, admin: admin.id, ...target });
}
