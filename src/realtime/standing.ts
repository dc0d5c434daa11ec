import { Injectable } from '@nestjs/common';
import { Gatherer } from '../common/gatherer.js';
import { Bus } from './bus/bus.js';
import { Certainty } from './certainty.js';
import { CloseCode, DISMISSAL } from './close-codes.js';
import type { Connection } from './connection.js';
import { Connections } from './connections.js';
import type { ConversationRef, DomainEvent, ParticipantAdded } from './events.js';
import { Authenticator, Journal, type StandingChange } from './ports.js';
import { Tally } from './tally.js';
import { userTopic } from './topics.js';

/** Keeps every connection to what its user may do now: what is taken away ends at once, whoever took it, on any node. */
@Injectable()
export class Standing {
  /** The users whose events this node hears, and since when that is sure. */
  private readonly followed = new Map<string, Promise<void>>();

  /** Entries of the journal that come again with the next ones. */
  private read: ReadonlySet<number> = new Set();
  private readUntil: string | undefined;
  private readonly tally = new Tally();
  private readonly newest = new Gatherer<undefined, number>(async (asked) => {
    const newest = await this.journal.newest();
    return asked.map(() => newest);
  });

  constructor(
    private readonly bus: Bus,
    private readonly connections: Connections,
    private readonly authenticator: Authenticator,
    private readonly journal: Journal,
    private readonly certainty: Certainty,
  ) {
    connections.onChange((userId, count) => {
      if (count === 0) this.unfollow(userId);
    });
  }

  /** Hears what happens to a connection's user from the answer on. Nothing can happen to a guest. */
  async watch(connection: Connection): Promise<void> {
    const { id, isGuest } = connection.principal;
    if (isGuest) return;
    let following = this.followed.get(id);
    if (!following) {
      following = this.bus.subscribe(userTopic(id), (event) => this.receive(id, event));
      this.followed.set(id, following);
    }
    await following;
  }

  /**
   * Asks, once its user is watched, again whether a connection's credentials are good: a logout between the first answer
   * and then would have been heard by nobody.
   *
   * @throws unauthenticated, when they are not.
   */
  async confirm(connection: Connection): Promise<void> {
    const before = connection.principal;
    if (before.isGuest) return;
    const now = await this.authenticator.confirm(before);
    if (connection.principal === before) connection.principal = now; // otherwise what was told meanwhile is newer
  }

  /** The journal's newest entry: what is asked for after the answer is at least as new. */
  newestEntry(): Promise<number> {
    return this.newest.get(undefined);
  }

  /**
   * Applies what the journal has and the bus has not brought.
   *
   * @throws when the journal cannot be read: then it is not known who may hear what
   */
  async catchUp(): Promise<void> {
    const { entries, until, isComplete } = await this.journal.since(this.readUntil);
    this.readUntil = until;
    this.certainty.renew();
    if (!isComplete) {
      for (const connection of this.connections) connection.close(CloseCode.RESTARTING, 'out of date, reconnect');
    }
    for (const [entry, change] of entries) if (!this.read.has(entry)) this.take(entry, change);
    this.read = new Set(entries.keys());
  }

  private take(entry: number, change: StandingChange): void {
    if (this.isTold(change)) return;
    for (const connection of this.connections.ofUser(change.userId)) {
      if (entry > connection.journalPosition) this.takeTo(connection, change);
    }
  }

  private takeTo(connection: Connection, change: StandingChange): void {
    switch (change.kind) {
      case 'login-ended':
        return this.apply({ type: 'login.ended', userId: change.userId, loginId: change.loginId }, connection);
      case 'disconnected':
        return this.apply({ type: 'user.disconnected', userId: change.userId }, connection);
      case 'user':
        return this.apply(change.change, connection);
      case 'joined':
        return this.follow(connection, change);
      case 'left':
        return this.verify(connection, change.conversation);
    }
  }

  /** Whether the bus has brought it, so that what a connection has asked for since then stays; others may come twice. */
  private isTold(change: StandingChange): boolean {
    if (change.kind !== 'joined' && change.kind !== 'left') return false;
    return this.followed.has(change.userId) && this.tally.read(keyOf(change.kind, change.userId, change.conversation));
  }

  private unfollow(userId: string): void {
    if (this.followed.delete(userId)) this.bus.unsubscribe(userTopic(userId));
  }

  private receive(userId: string, event: DomainEvent): void {
    if (event.type === 'participant.added') this.tally.told(keyOf('joined', userId, event.conversation));
    if (event.type === 'participant.removed') this.tally.told(keyOf('left', userId, event.conversation));
    for (const connection of this.connections.ofUser(userId)) this.apply(event, connection);
  }

  /** One that cannot be made to hear all that it should must not go on as if it did: it reconnects. */
  private follow(
    connection: Connection,
    { conversation, offset }: Pick<ParticipantAdded, 'conversation' | 'offset'>,
  ): void {
    connection.subscriptions
      .follow(conversation, offset)
      .catch(() => connection.close(CloseCode.FAILED, 'cannot follow a conversation, reconnect'));
  }

  private verify(connection: Connection, conversation: ConversationRef): void {
    connection.subscriptions
      .verify(conversation)
      .catch(() => connection.close(CloseCode.FAILED, 'cannot tell what may be heard, reconnect'));
  }

  private apply(event: DomainEvent, connection: Connection): void {
    switch (event.type) {
      case 'login.ended':
        if (connection.principal.loginId === event.loginId) signOut(connection, 'logged out');
        break;
      case 'user.disconnected':
        connection.close(CloseCode.DISMISSED, DISMISSAL);
        break;
      case 'user.changed':
        connection.principal = { ...connection.principal, ...event.user, role: event.role };
        if (event.disabled) signOut(connection, 'disabled');
        break;
      case 'participant.added':
        this.follow(connection, event);
        break;
      case 'participant.removed':
        connection.subscriptions.revoke(event.conversation.id);
        break;
      default:
        connection.show(event, 'entered');
    }
  }
}

function keyOf(kind: 'joined' | 'left', userId: string, { id }: ConversationRef): string {
  return `${kind} ${userId} ${id}`;
}

function signOut(connection: Connection, reason: string): void {
  connection.close(CloseCode.SIGNED_OUT, reason);
}
