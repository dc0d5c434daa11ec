import { Injectable } from '@nestjs/common';
import { conflict, invalid, notFound } from '../common/errors.js';
import { isUuid } from '../common/ids.js';
import { decodeCursor, isTime, type Page, type PageQuery, toPage } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { MessagesService } from '../messages/messages.service.js';
import type { ConversationRef, ConversationSummary } from '../realtime/events.js';
import { ConversationAccess, type ConversationName } from '../realtime/ports.js';
import { EventPublisher } from '../realtime/publisher.js';
import { type ConversationEntity, toConversationRef } from './conversation.entity.js';
import { ConsultationsService } from './consultations.service.js';
import { isSlug } from './conversation-name.js';
import {
  type ConversationBody,
  presentConversation,
  presentReading,
  type ReadingBody,
} from './conversation.presenter.js';
import { ConversationLookups } from './conversation-lookups.js';
import { ConversationStarter } from './conversation-starter.js';
import type { CreateChannelDto, CreateConversationDto } from './conversations.dto.js';
import { ConversationSummariesRepository } from './conversation-summaries.repository.js';
import { assertMayAdd, assertMayRemove, creatorShownTo } from './conversations.policy.js';
import { ConversationsRepository, type Standing } from './conversations.repository.js';

/** A list that cannot be asked for page by page has an end. */
const MOST_SUMMARIES = 500;

/** A conversation, and whether it is a new one. */
export interface Started<Conversation> {
  readonly conversation: Conversation;
  readonly created: boolean;
}

@Injectable()
export class ConversationsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly lookups: ConversationLookups,
    private readonly summaries: ConversationSummariesRepository,
    private readonly consultations: ConsultationsService,
    private readonly starter: ConversationStarter,
    private readonly access: ConversationAccess,
    private readonly messages: MessagesService,
    private readonly events: EventPublisher,
  ) {}

  /** Starts a group, or the direct conversation with someone, which exists once. @throws invalid */
  async create(
    principal: Principal,
    { kind, participant_ids: names, title }: CreateConversationDto,
  ): Promise<Started<ConversationBody>> {
    const userIds = await this.usersNamed(names, 'participant_ids');
    const started =
      kind === 'direct'
        ? await this.startDirect(principal, userIds)
        : await this.startGroup(principal, userIds, title ?? null);
    return { ...started, conversation: await this.show(principal, started.conversation.id) };
  }

  /** The direct conversation with one other user, started where there is none. @throws invalid */
  async startDirect(principal: Principal, userIds: readonly string[]): Promise<Started<ConversationRef>> {
    const [otherId, ...more] = userIds.filter((id) => id !== principal.id);
    if (otherId === undefined || more.length > 0) throw invalid('A direct conversation is with exactly one other user');
    const participantIds = [principal.id, otherId].toSorted();
    const directKey = participantIds.join(':');
    const existing = await this.conversations.findDirect(directKey);
    if (existing) return { conversation: existing, created: false };
    const direct = { kind: 'direct', directKey, title: null, createdBy: principal.id, participantIds } as const;
    const started = await this.starter.start(direct);
    if (started) return { conversation: started, created: true };
    const others = await this.conversations.findDirect(directKey); // someone else was faster
    return { conversation: others!, created: false };
  }

  /** As {@link startDirect}, with the user whom a uuid or a number names. @throws invalid, not_found */
  async directWith(principal: Principal, userName: string | number): Promise<ConversationRef> {
    const found = await this.conversations.findUserIds([String(userName).toLowerCase()]);
    if (found.size === 0) throw notFound('User');
    return (await this.startDirect(principal, [...found.values()])).conversation;
  }

  /** Creates a channel. @throws conflict, when the slug is taken */
  async createChannel(principal: Principal, { slug, title }: CreateChannelDto): Promise<ConversationBody> {
    const participantIds = [principal.id];
    const channel = { kind: 'channel', slug, title: title ?? null, createdBy: principal.id, participantIds } as const;
    const conversation = await this.starter.start(channel);
    if (!conversation) throw conflict('The slug is taken', 'slug_taken');
    return this.show(principal, conversation.id);
  }

  /** A page of those in which the user takes part, the last active first. */
  async list(principal: Principal, { limit, cursor }: PageQuery): Promise<Page<ConversationBody>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isTime, isUuid);
    const conversations = await this.conversations.listOf(principal.id, after, limit + 1);
    const page = toPage(conversations, limit, unchanged, ({ lastActivityAt, id }) => [
      lastActivityAt.toISOString(),
      id,
    ]);
    return { ...page, data: await this.present(principal, page.data) };
  }

  /** In short, what the user's role is shown of them, the last active first; what is beyond the bound is left out. */
  listSummaries({ id, role }: Principal): Promise<ConversationSummary[]> {
    return this.summaries.listOf(id, creatorShownTo(role), MOST_SUMMARIES);
  }

  /** A page of all channels, by slug. */
  async listChannels(principal: Principal, { limit, cursor }: PageQuery): Promise<Page<ConversationBody>> {
    const [after] = cursor === undefined ? [''] : decodeCursor(cursor, isKeySlug);
    const channels = await this.conversations.listChannels(after, limit + 1);
    const page = toPage(channels, limit, unchanged, ({ slug }) => [slug!]);
    return { ...page, data: await this.present(principal, page.data) };
  }

  /** @throws not_found, alike for those that are not the principal's to see */
  async get(principal: Principal, name: ConversationName): Promise<ConversationBody> {
    const { id } = await this.access.admit(principal, name);
    return this.show(principal, id);
  }

  /** Who takes part in each of some conversations, all of them. */
  participants(conversationIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.lookups.participants(conversationIds);
  }

  /** Makes users participants; who is one stays one. @throws invalid, forbidden, not_found; conflict, in a direct one */
  async addParticipants(
    principal: Principal,
    name: ConversationName,
    userNames: readonly string[],
  ): Promise<ConversationBody> {
    const conversation = await this.governed(principal, name);
    const userIds = await this.usersNamed(userNames, 'user_ids');
    assertMayAdd(principal, conversation, userIds);
    const isConsultation = conversation.kind === 'consultation';
    if (isConsultation) await this.consultations.assertProviders(userIds);
    const added = await this.conversations.addParticipants(conversation.id, userIds);
    for (const { userId, offset } of added) {
      this.events.publish({
        type: 'participant.added',
        conversation: toConversationRef(conversation),
        userId,
        offset,
      });
    }
    if (isConsultation) {
      await this.consultations.invite(
        conversation.id,
        added.map(({ userId }) => userId),
      );
    }
    return this.show(principal, conversation.id);
  }

  /** Ends a user's participation. @throws forbidden, not_found; conflict, in a direct conversation */
  async removeParticipant(principal: Principal, name: ConversationName, userName: string): Promise<void> {
    const conversation = await this.governed(principal, name);
    const userId = await this.conversations.findParticipantId(conversation.id, userName);
    if (userId === undefined) throw notFound('Participant');
    assertMayRemove(principal, conversation, userId);
    if (!(await this.conversations.removeParticipant(conversation.id, userId))) throw notFound('Participant');
    this.events.publish({ type: 'participant.removed', conversation: toConversationRef(conversation), userId });
  }

  /**
   * Marks as read what a participant has read, up to `seq`, or else everything. It never becomes unread again.
   *
   * @throws invalid, when there is no such message yet; not_found, for who takes no part.
   */
  async read(
    principal: Principal,
    name: ConversationName,
    seq?: number | null,
    origin: string | null = null,
  ): Promise<ReadingBody> {
    const conversation = await this.access.admit(principal, name);
    const { lastSeq } = await this.standing(conversation.id, principal.id);
    const upTo = seq ?? lastSeq;
    if (upTo > lastSeq) throw invalid('seq is beyond the newest message');
    const readAt = new Date();
    if (await this.conversations.markRead(conversation.id, principal.id, upTo, readAt)) {
      this.events.publish({
        type: 'conversation.read',
        conversation,
        userId: principal.id,
        userNumber: principal.number,
        lastReadSeq: upTo,
        readAt: readAt.toISOString(),
        origin,
      });
    }
    const standing = await this.standing(conversation.id, principal.id);
    return presentReading(conversation.id, principal.id, standing);
  }

  /** The conversation, for who may see it, and for an admin whichever it is. @throws not_found */
  private async governed(principal: Principal, name: ConversationName): Promise<ConversationEntity> {
    const conversation =
      principal.role === 'admin' ? await this.access.locate(name) : await this.access.admit(principal, name);
    if (!conversation) throw notFound('Conversation');
    return this.conversations.get(conversation.id);
  }

  private async startGroup(
    principal: Principal,
    userIds: readonly string[],
    title: string | null,
  ): Promise<Started<ConversationRef>> {
    const participantIds = [...new Set([principal.id, ...userIds])];
    const group = { kind: 'group', title, createdBy: principal.id, participantIds } as const;
    const conversation = await this.starter.start(group);
    return { conversation: conversation!, created: true }; // nothing of a group can be taken
  }

  private async standing(conversationId: string, userId: string): Promise<Standing> {
    const standing = await this.conversations.standing(conversationId, userId);
    if (!standing) throw notFound('Conversation');
    return standing;
  }

  /** The users' ids, each once. @throws invalid, when one does not exist; not which, lest users be probed for */
  private async usersNamed(names: readonly string[], field: string): Promise<string[]> {
    const found = await this.conversations.findUserIds(names);
    if (!names.every((name) => found.has(name))) throw invalid(`${field} names a user who does not exist`);
    return [...new Set(found.values())];
  }

  private async show(principal: Principal, id: string): Promise<ConversationBody> {
    const [body] = await this.present(principal, [await this.conversations.get(id)]);
    return body!;
  }

  private async present(
    principal: Principal,
    conversations: readonly ConversationEntity[],
  ): Promise<ConversationBody[]> {
    const ids = conversations.map(({ id }) => id);
    const digests = await this.messages.digest(principal.id, ids);
    const rosters = await this.conversations.rosters(ids);
    return conversations.map((conversation) =>
      presentConversation(conversation, digests.get(conversation.id), rosters.get(conversation.id)),
    );
  }
}

const unchanged = <T>(row: T): T => row;

const isKeySlug = (part: unknown): part is string => typeof part === 'string' && isSlug(part);
