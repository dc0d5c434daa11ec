import { forbidden, notFound } from '../common/errors.js';
import type { Principal } from '../common/principal.js';
import type { LockedMessage } from './messages.repository.js';

/**
 * Its sender, as long as the sender may see the conversation, and any admin may edit and delete a message.
 *
 * @throws forbidden, for others who may see it; not_found, for those who may not.
 */
export function assertMayChange(principal: Principal, { conversation, message, isParticipant }: LockedMessage): void {
  if (principal.role === 'admin') return;
  if (conversation.kind !== 'channel' && !isParticipant) throw notFound('Message');
  if (message.sender.id !== principal.id) throw forbidden('Only its sender may change a message');
}
