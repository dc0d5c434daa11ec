import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { toUserRef, type UserRef } from '../common/principal.js';
import { RealtimeSettings } from '../config/settings.js';
import type { ConversationRef, PresenceStatus } from '../realtime/events.js';
import { Attendance, ConversationAccess, Roster, type RosterList } from '../realtime/ports.js';
import { EventPublisher } from '../realtime/publisher.js';

/** What is told of users while they are there, and never stored: their status, and that they are typing. */
@Injectable()
export class PresenceService implements OnModuleDestroy {
  /** Users who announced that they are here, and have not been told to be gone; by the nodes where they did. */
  private readonly announced: RosterList<UserRef, 'offline'>;
  private readonly departing = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly events: EventPublisher,
    private readonly attendance: Attendance,
    private readonly access: ConversationAccess,
    private readonly settings: RealtimeSettings,
    private readonly roster: Roster,
  ) {
    this.announced = roster.list('announced');
    attendance.onDeparture((userId) => this.depart(userId));
    this.announced.watch(({ key, before, note, isLoss }) => {
      if (note === 'offline') this.announced.delete(key); // said at another node, and true of this one
      if (!isLoss || !before || !roster.isEldest || this.announced.of(key).size > 0) return;
      this.announced.set(key, before); // who announced it there may be connected elsewhere, or come back
      if (!attendance.isConnected(key)) this.depart(key);
    });
  }

  onModuleDestroy(): void {
    for (const timer of this.departing.values()) clearTimeout(timer);
  }

  /** Tells those who share a conversation with the user. One who is not `offline` is, when the last connection ends. */
  async announce(user: UserRef, status: PresenceStatus): Promise<void> {
    this.announced.set(user.id, toUserRef(user));
    if (status === 'offline') this.announced.delete(user.id, 'offline');
    await this.tell(toUserRef(user), status);
    // The connection that announced it may have been the last one, and have ended before this was known.
    if (!this.attendance.isConnected(user.id)) this.depart(user.id);
  }

  /** Tells the conversation that the user has started or stopped typing; `origin` is the connection that said so. */
  typing(user: UserRef, conversation: ConversationRef, isTyping: boolean, origin: string): void {
    this.events.publish({ type: 'typing.changed', conversation, user: toUserRef(user), isTyping, origin });
  }

  /**
   * Waits a little, for a client that only reconnects, before the user is said to be gone. Of several nodes where the user
   * announced to be here, one tells.
   */
  private depart(userId: string): void {
    const announcers = this.announced.of(userId);
    const user = announcers.values().next().value;
    if (!user) return;
    const teller = [...announcers.keys()].toSorted()[0];
    clearTimeout(this.departing.get(userId));
    const timer = setTimeout(() => {
      this.departing.delete(userId);
      if (this.attendance.isConnected(userId)) return;
      // Nobody waits for it, and nobody can be told of a failure: presence is the first thing that may be dropped.
      if (teller === this.roster.thisNode) this.announce(user, 'offline').catch(() => {});
      else this.announced.delete(userId);
    }, this.settings.presenceGrace).unref();
    this.departing.set(userId, timer);
  }

  private async tell(user: UserRef, status: PresenceStatus): Promise<void> {
    const conversations = await this.access.memberships(user.id);
    const conversationIds = conversations.map(({ id }) => id);
    this.events.publish({ type: 'presence.changed', user, status, conversationIds });
  }
}
