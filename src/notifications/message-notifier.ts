import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { ConversationRef, DomainEvent } from '../realtime/events.js';
import type { UserRef } from '../common/principal.js';
import { Attendance } from '../realtime/ports.js';
import { EventPublisher } from '../realtime/publisher.js';
import { NotificationsService } from './notifications.service.js';

/** Milliseconds for which messages gather, so that a busy conversation's participants are looked up seldom. */
const DELAY = 100;
/** The same while there always are some. */
const BUSY_DELAY = 500;
/** Conversations whose participants are looked up in one query. */
const CHUNK = 100;

interface Written {
  readonly conversation: ConversationRef;
  readonly senders: Map<string, UserRef>;
}

/** Notifies those participants of a message who are connected nowhere. Not of messages in channels, which are for passing by. */
@Injectable()
export class MessageNotifier implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MessageNotifier.name);
  private written = new Map<string, Written>();
  private timer: NodeJS.Timeout | undefined;
  private notedAt = -Infinity;
  private noting: Promise<void> = Promise.resolve();

  constructor(
    private readonly events: EventPublisher,
    private readonly attendance: Attendance,
    private readonly conversations: ConversationsService,
    private readonly notifications: NotificationsService,
  ) {}

  onApplicationBootstrap(): void {
    this.events.observe((event) => this.take(event));
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) this.noteAll();
    await this.noting;
  }

  private take(event: DomainEvent): void {
    if (event.type !== 'message.created' || event.conversation.kind === 'channel') return;
    const { conversation, message } = event;
    const written = this.written.get(conversation.id) ?? { conversation, senders: new Map<string, UserRef>() };
    written.senders.set(message.sender.id, message.sender);
    this.written.set(conversation.id, written);
    this.timer ??= setTimeout(() => this.noteAll(), performance.now() - this.notedAt < BUSY_DELAY ? BUSY_DELAY : DELAY);
  }

  private noteAll(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { written } = this;
    this.written = new Map();
    this.notedAt = performance.now();
    this.noting = this.noteAfter(this.noting, [...written.values()]);
  }

  private async noteAfter(previous: Promise<void>, written: readonly Written[]): Promise<void> {
    await previous;
    for (let start = 0; start < written.length; start += CHUNK) await this.note(written.slice(start, start + CHUNK));
  }

  /** Never rejects: a notification is no promise, and the message itself is stored. */
  private async note(written: readonly Written[]): Promise<void> {
    try {
      const participants = await this.conversations.participants(written.map(({ conversation }) => conversation.id));
      for (const one of written) await this.noteIn(one, participants.get(one.conversation.id) ?? []);
    } catch (error) {
      this.logger.warn(`participants could not be notified of messages: ${(error as Error).message}`);
    }
  }

  private async noteIn({ conversation, senders }: Written, participants: readonly string[]): Promise<void> {
    const absent = new Set(participants.filter((id) => !this.attendance.isConnected(id)));
    for (const sender of senders.values()) {
      const recipients = [...absent].filter((id) => id !== sender.id);
      for (const id of recipients) absent.delete(id);
      if (recipients.length > 0) await this.notifications.noteMessage(recipients, conversation, sender);
    }
  }
}
