import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  ConversationAccess,
  conversationTopic,
  decodeCursor,
  EventPublisher,
  isUuid,
  newId,
  type Page,
  type PageQuery,
  type Principal,
  toPage,
} from 'parlance';
import { LessThan, type Repository } from 'typeorm';
import { PollEntity } from './poll.entity.js';
import './poll.event.js';
import { type PollBody, presentPoll } from './polls.dto.js';

@Injectable()
export class PollsService {
  constructor(
    @InjectRepository(PollEntity) private readonly polls: Repository<PollEntity>,
    private readonly access: ConversationAccess,
    private readonly events: EventPublisher,
  ) {}

  /** Asks everyone in a conversation; they are told after the commit. @throws not_found */
  async open(principal: Principal, name: string, question: string): Promise<PollBody> {
    const conversation = await this.access.admit(principal, name);
    const poll = this.polls.create({
      id: newId(),
      conversationId: conversation.id,
      openedBy: principal.id,
      question,
    });
    await this.polls.insert(poll);
    const topic = conversationTopic(conversation.id);
    this.events.publish({ type: 'poll.opened', topic, conversation, pollId: poll.id, question });
    return presentPoll(poll);
  }

  /** A page of a conversation's polls, the newest first. @throws not_found; invalid, for a foreign cursor */
  async list(principal: Principal, name: string, { limit, cursor }: PageQuery): Promise<Page<PollBody>> {
    const { id: conversationId } = await this.access.admit(principal, name);
    const [before] = cursor === undefined ? [] : decodeCursor(cursor, isUuid);
    const polls = await this.polls.find({
      where: { conversationId, ...(before !== undefined && { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return toPage(polls, limit, presentPoll, ({ id }) => [id]);
  }
}
