import type { Principal } from '../common/principal.js';
import type { ConversationRef, MessageEvent, UserChanged } from './events.js';

/** What the engine needs of the features. Each is an abstract class that its feature implements and binds. */

/** What a handshake or a request offers to prove who it is; the first that is there counts. */
export interface Credentials {
  /** An access token. */
  readonly bearer: string | undefined;
  /** Every value of the `User-Email` header, as sent. */
  readonly userEmail: readonly string[];
  /** The address of the TCP peer, which decides whether that header is believed. */
  readonly peerAddress: string;
}

export abstract class Authenticator {
  /** @throws unauthenticated, when there are no credentials or they are not, or no longer, good. */
  abstract authenticate(credentials: Credentials): Promise<Principal>;

  /** Who that is now. @throws unauthenticated, when the credentials by which that was found out are no longer good. */
  abstract confirm(principal: Principal): Promise<Principal>;
}

/** A client's name for a conversation: its uuid, number (also as text) or slug. */
export type ConversationName = string | number;

export abstract class ConversationAccess {
  /** The conversation of that name, whoever may see it; at once, where that is known. */
  abstract locate(name: ConversationName): ConversationRef | undefined | Promise<ConversationRef | undefined>;

  /** The conversation, when `principal` may hear it now. @throws not_found, alike when there is none. */
  abstract admit(principal: Principal, name: ConversationName): Promise<ConversationRef>;

  /** As {@link admit}; an unknown slug becomes a channel where that is allowed. */
  abstract admitOrCreateChannel(principal: Principal, name: ConversationName): Promise<ConversationRef>;

  /** Whether a user takes part in a conversation; who may hear an open channel need not. */
  abstract takesPart(conversationId: string, userId: string): Promise<boolean>;

  /** The conversations in which a user takes part. */
  abstract memberships(userId: string): Promise<ConversationRef[]>;

  /** The newest offset of each, for those that exist. */
  abstract offsets(conversationIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export abstract class ChangeLog {
  /**
   * The changes of a conversation's messages after `offset`, by offset, at most `limit`. A message that changed more than
   * once since then comes once, in its present form, at its last change's offset.
   */
  abstract since(conversationId: string, offset: number, limit: number): Promise<MessageEvent[]>;

  /** A conversation's newest offset, 0 where nothing has happened. */
  abstract newest(conversationId: string): Promise<number>;
}

/** A user's standing has changed: what the user may hear, or who the user is. */
export type StandingChange =
  /** The user takes part in a conversation; what came after `offset` is for them. */
  | {
      readonly kind: 'joined';
      readonly userId: string;
      readonly conversation: ConversationRef;
      readonly offset: number;
    }
  | { readonly kind: 'left'; readonly userId: string; readonly conversation: ConversationRef }
  | { readonly kind: 'login-ended'; readonly userId: string; readonly loginId: string }
  /** An admin has ended all connections that were there then. */
  | { readonly kind: 'disconnected'; readonly userId: string }
  /** As it is now. */
  | { readonly kind: 'user'; readonly userId: string; readonly change: UserChanged };

/** Changes of standing, by the number of their entry, and what to ask for next. */
export interface JournalPage {
  readonly entries: ReadonlyMap<number, StandingChange>;
  readonly until: string;
  /** False where some may have been forgotten already. */
  readonly isComplete: boolean;
}

/** What must not be missed, recorded by the database with the change itself, whoever made it. */
export abstract class Journal {
  /** Names the database: nodes with the same journal serve the same users. */
  abstract id(): Promise<string>;

  /** The number of the newest entry. */
  abstract newest(): Promise<number>;

  /** What was recorded since `moment`, or else nothing; entries shortly before it may come again, in no order. */
  abstract since(moment: string | undefined): Promise<JournalPage>;

  /** Records that an admin has ended a user's connections: the one entry that is no change of what is stored. */
  abstract noteDisconnection(userId: string): Promise<void>;
}

/** What the engine tells the features of who is connected, to this node or another. */
export abstract class Attendance {
  /** Whether a user has a connection, of whatever dialect. */
  abstract isConnected(userId: string): boolean;

  /** How many connections a user has. */
  abstract connectionsOf(userId: string): number;

  /** Calls `listener` whenever a user's last connection has ended; on every node. */
  abstract onDeparture(listener: (userId: string) => void): void;
}

/** A node states something else of a key, or nothing any more (`value` undefined). */
export interface RosterChange<Value, Note> {
  readonly key: string;
  readonly node: string;
  readonly value: Value | undefined;
  readonly before: Value | undefined;
  /** What the node says of why it takes it back. */
  readonly note: Note | undefined;
  /** Whether the node is gone, and with it what it stated. */
  readonly isLoss: boolean;
}

/** What each node states, by key. Values and notes are plain. */
export interface RosterList<Value, Note = undefined> {
  /** States something, in the name of this node. */
  set(key: string, value: Value): void;
  /** Takes back what this node states, if it does. */
  delete(key: string, note?: Note): void;
  /** What is stated of a key, by node. */
  of(key: string): ReadonlyMap<string, Value>;
  /** Calls `watcher` after each change, of whichever node. */
  watch(watcher: (change: RosterChange<Value, Note>) => void): void;
}

/** What the nodes know of each other's users: never stored, soon the same on all, and gone with the node that states it. */
export abstract class Roster {
  abstract list<Value, Note = undefined>(name: string): RosterList<Value, Note>;

  /** The id under which this node states things. */
  abstract get thisNode(): string;

  /** The other nodes that are there. */
  abstract get others(): readonly string[];

  /** Whether this node is the one to do what only one should. */
  abstract get isEldest(): boolean;
}

/** Something that each node knows of itself; what it is about and the answer are plain. Each has a name of its own. */
export interface Question<Of, Answer> {
  readonly name: string;
  /** Only for the compiler. */
  readonly types?: readonly [of: Of, answer: Answer];
}

/** What the nodes answered to a question. */
export interface Survey<Answer> {
  /** By node, this one's among them. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** The nodes that did not answer in time. */
  readonly silent: readonly string[];
}

/** The nodes, this one among them, to be asked for what is not told all the time (`Roster`). */
export abstract class Cluster {
  /** This node's id. */
  abstract get thisNode(): string;

  /** Whether the other nodes, if there are any, are heard now. */
  abstract get isWhole(): boolean;

  /** Says how this node answers a question. */
  abstract onQuestion<Of, Answer>(question: Question<Of, Answer>, answer: (of: Of) => Answer | Promise<Answer>): void;

  /** Asks every node; answered when all have, and within two seconds whoever has not. @throws what this node's answer does */
  abstract ask<Of, Answer>(question: Question<Of, Answer>, of: Of): Promise<Survey<Answer>>;
}
