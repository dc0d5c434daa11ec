import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { toUserRef, type UserRef } from '../common/principal.js';
import { RealtimeSettings } from '../config/settings.js';
import type { ConversationRef, Departure } from '../realtime/events.js';
import { Roster, type RosterChange, type RosterList } from '../realtime/ports.js';
import { EventPublisher } from '../realtime/publisher.js';

/** What a node states of a user in a conversation. */
interface Stay {
  readonly user: UserRef;
  readonly conversation: ConversationRef;
}

/** How it ended: who the user is now, and why. */
interface Ending {
  readonly user: UserRef;
  readonly reason: Departure;
}

/** By how many connections to this node a user is there, and what will end it when none is left. */
interface LocalStay {
  connections: number;
  ending?: NodeJS.Timeout;
}

/**
 * Who is in which conversation, for the dialects that tell of it: a user comes with the first connection and leaves with
 * the last, to whichever node. One whose last connection is lost may come back within `PRESENCE_GRACE`, and nobody is told.
 * Each node sees by itself, from the roster, who comes and goes, and tells its own connections.
 */
@Injectable()
export class Occupancy implements OnModuleDestroy {
  private readonly local = new Map<string, LocalStay>();
  private readonly stays: RosterList<Stay, Ending>;
  /** Users who are said to be there though the node that said so is gone: they may come back by another. */
  private readonly lost = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly events: EventPublisher,
    private readonly settings: RealtimeSettings,
    roster: Roster,
  ) {
    this.stays = roster.list('stays');
    this.stays.watch((change) => this.tell(change));
  }

  onModuleDestroy(): void {
    for (const { ending } of this.local.values()) clearTimeout(ending);
    for (const timer of this.lost.values()) clearTimeout(timer);
  }

  /** One more connection of the user hears the conversation. */
  enter(user: UserRef, conversation: ConversationRef): void {
    const key = keyOf(user, conversation);
    const stay = this.local.get(key);
    if (stay) {
      clearTimeout(stay.ending);
      stay.connections++;
      return;
    }
    this.local.set(key, { connections: 1 });
    this.stays.set(key, { user: toUserRef(user), conversation });
  }

  /** A connection that entered before hears it no more. */
  leave(user: UserRef, conversation: ConversationRef, reason: Departure): void {
    const key = keyOf(user, conversation);
    const stay = this.local.get(key);
    if (!stay || --stay.connections > 0) return;
    const end = (): void => {
      this.local.delete(key);
      this.stays.delete(key, { user: toUserRef(user), reason });
    };
    if (reason === 'unsubscribed') end();
    else stay.ending = setTimeout(end, this.settings.presenceGrace).unref();
  }

  private tell({ key, value, before, note, isLoss }: RosterChange<Stay, Ending>): void {
    const nodes = this.stays.of(key).size;
    if (value !== undefined) {
      const isBack = this.lost.has(key);
      clearTimeout(this.lost.get(key));
      this.lost.delete(key);
      if (nodes === 1 && before === undefined && !isBack) this.join(value);
    } else if (nodes === 0 && before !== undefined) {
      const { conversation } = before;
      const { user, reason } = note ?? { user: before.user, reason: 'disconnected' };
      if (!isLoss) {
        this.depart(conversation, user, reason);
        return;
      }
      const end = (): void => {
        this.lost.delete(key);
        this.depart(conversation, user, reason);
      };
      this.lost.set(key, setTimeout(end, this.settings.presenceGrace).unref());
    }
  }

  private join({ conversation, user }: Stay): void {
    this.events.publishHere({ type: 'occupant.joined', conversation, user, at: now() });
  }

  private depart(conversation: ConversationRef, user: UserRef, reason: Departure): void {
    this.events.publishHere({ type: 'occupant.left', conversation, user, reason, at: now() });
  }
}

function keyOf(user: UserRef, conversation: ConversationRef): string {
  return `${conversation.id}:${user.id}`;
}

const now = (): string => new Date().toISOString();
