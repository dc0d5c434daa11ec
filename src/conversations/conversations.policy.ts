import { conflict, forbidden } from '../common/errors.js';
import type { Principal } from '../common/principal.js';
import type { Role } from '../common/roles.js';
import type { ConversationEntity } from './conversation.entity.js';
import type { Creator } from './conversation-summaries.repository.js';

type Governed = Pick<ConversationEntity, 'kind' | 'createdBy'>;

/** A channel is open to everyone; the other kinds are for those who take part. */
export function isOpen({ kind }: Pick<Governed, 'kind'>): boolean {
  return kind === 'channel';
}

/** Pet owners consult; providers are consulted (`pets.md`, "Role-Based Access"). @throws forbidden */
export function assertMayConsult({ role }: Principal): void {
  if (role !== 'client') throw forbidden('Only clients may start a consultation');
}

/** A client is shown what it has created, a provider that to which it was invited (`pets.md`); others are shown both. */
export function creatorShownTo(role: Role): Creator {
  if (role === 'client') return 'oneself';
  return role === 'provider' ? 'others' : 'anyone';
}

/** Its creator, and any admin, add participants; everyone adds oneself to a channel. @throws conflict, forbidden */
export function assertMayAdd(principal: Principal, conversation: Governed, userIds: readonly string[]): void {
  assertNotDirect(conversation);
  const joins = isOpen(conversation) && userIds.every((id) => id === principal.id);
  if (!joins && !mayManage(principal, conversation)) throw forbidden('Only its creator may add participants');
}

/** Its creator, and any admin, remove participants; everyone leaves. @throws conflict, forbidden */
export function assertMayRemove(principal: Principal, conversation: Governed, userId: string): void {
  assertNotDirect(conversation);
  if (userId !== principal.id && !mayManage(principal, conversation)) {
    throw forbidden('Only its creator may remove participants');
  }
}

function mayManage({ id, role }: Principal, { createdBy }: Governed): boolean {
  return createdBy === id || role === 'admin';
}

function assertNotDirect({ kind }: Governed): void {
  if (kind === 'direct') throw conflict('A direct conversation keeps its two participants', 'direct_conversation');
}
