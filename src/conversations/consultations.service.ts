import { Injectable } from '@nestjs/common';
import { invalid, notFound } from '../common/errors.js';
import type { Principal } from '../common/principal.js';
import { PetsService } from '../pets/pets.service.js';
import type { ConversationSummary } from '../realtime/events.js';
import { EventPublisher } from '../realtime/publisher.js';
import { UsersService } from '../users/users.service.js';
import { ConversationStarter } from './conversation-starter.js';
import { ConversationSummariesRepository } from './conversation-summaries.repository.js';
import { assertMayConsult } from './conversations.policy.js';

/** What a client asks for: providers, about a pet. */
export interface ConsultationRequest {
  /** A uuid. */
  readonly petId: string;
  /** uuids, each once. */
  readonly providerIds: readonly string[];
}

/** Conversations of a client and the providers whom the client invites, about one of the client's pets. */
@Injectable()
export class ConsultationsService {
  constructor(
    private readonly starter: ConversationStarter,
    private readonly summaries: ConversationSummariesRepository,
    private readonly pets: PetsService,
    private readonly users: UsersService,
    private readonly events: EventPublisher,
  ) {}

  /**
   * Starts a consultation, and tells all who take part; `origin` is the connection that is answered.
   *
   * @throws forbidden, for who is no client; not_found, for a pet that is not the client's; invalid, for providers who are
   * none.
   */
  async start(
    principal: Principal,
    { petId, providerIds }: ConsultationRequest,
    origin: string,
  ): Promise<ConversationSummary> {
    assertMayConsult(principal);
    if (!(await this.pets.isOwnedBy(petId, principal.id))) throw notFound('Pet');
    await this.assertProviders(providerIds);
    const participantIds = [principal.id, ...providerIds];
    const startedAt = new Date();
    const started = await this.starter.start(
      { kind: 'consultation', petId, title: null, createdBy: principal.id, participantIds },
      startedAt,
    );
    const consultation = {
      id: started!.id, // nothing of a consultation can be taken
      createdBy: principal.id,
      invitedIds: providerIds,
      petId,
      lastMessage: '',
      lastActivityAt: startedAt.toISOString(),
    };
    this.tell(participantIds, consultation, origin);
    return consultation;
  }

  /** Tells users that they have been invited to a consultation that was there before. */
  async invite(conversationId: string, userIds: readonly string[]): Promise<void> {
    this.tell(userIds, await this.summaries.get(conversationId), null);
  }

  /** @throws invalid, when one is not a provider, or does not exist; not which, lest users be probed for */
  async assertProviders(userIds: readonly string[]): Promise<void> {
    const users = await this.users.findByIds(userIds);
    const providers = users.filter(({ role, disabledAt }) => role === 'provider' && disabledAt === null);
    if (providers.length < userIds.length) throw invalid('Only providers can be invited to a consultation');
  }

  private tell(userIds: readonly string[], consultation: ConversationSummary, origin: string | null): void {
    for (const userId of userIds) this.events.publish({ type: 'consultation.opened', userId, consultation, origin });
  }
}
