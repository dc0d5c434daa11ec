import type { UserRef } from '../common/principal.js';
import type { Role } from '../common/roles.js';

/**
 * Everything that happens and that a live connection may have to hear of. Events cross nodes as JSON, so they hold plain
 * values, with times in ISO 8601 (UTC); they never hold a frame of any dialect.
 */
export type DomainEvent =
  | MessageEvent
  | ConversationRead
  | TypingChanged
  | PresenceChanged
  | OccupantJoined
  | OccupantLeft
  | ParticipantAdded
  | ParticipantRemoved
  | ConsultationOpened
  | UserChanged
  | LoginEnded
  | UserDisconnected
  | NotificationCreated
  | NotificationRead
  | NotificationsAllRead
  | NotificationDeleted
  | CheckInRecorded
  // oxlint-disable-next-line typescript/no-redundant-type-constituents -- nothing here, but something elsewhere
  | FeatureEvents[keyof FeatureEvents];

/**
 * What happens in features outside this tree, by type; the package that has one adds it (`docs/extending.md`):
 * `declare module 'parlance' { interface FeatureEvents { 'poll.opened': PollOpened } }`. Such an event says itself on which
 * topic it is heard: `{ type: 'poll.opened'; topic: EventTopic; … }`.
 */
// oxlint-disable-next-line typescript/no-empty-object-type, typescript/no-empty-interface -- for others to fill
export interface FeatureEvents {}

export type ConversationKind = 'direct' | 'group' | 'channel' | 'consultation';

/** A conversation by each of its names; a wire shows the one its clients know. None of them ever changes. */
export interface ConversationRef {
  readonly id: string;
  readonly number: number;
  readonly kind: ConversationKind;
  /** Channels only. */
  readonly slug: string | null;
}

/** To whom a message is addressed. */
export interface Receiver {
  readonly id: string;
  readonly number: number;
  /** When they read it, or something after it; null where they have not. */
  readonly readAt: string | null;
}

/** A message as it stands after the change that the event tells of. */
export interface MessageState {
  readonly id: string;
  readonly number: number;
  /** 1, 2, 3 … within its conversation, without gaps. */
  readonly seq: number;
  readonly sender: UserRef;
  /** In a direct conversation the other one; elsewhere whom the sender named, if anyone. */
  readonly receiver: Receiver | null;
  /** Empty once it is deleted. */
  readonly content: string;
  readonly messageType: string;
  readonly clientMessageId: string | null;
  readonly createdAt: string;
  readonly editedAt: string | null;
  readonly deletedAt: string | null;
}

interface ChangeOfMessage {
  readonly conversation: ConversationRef;
  /** The change's place among the conversation's changes: 1, 2, 3 … without gaps. */
  readonly offset: number;
  readonly message: MessageState;
  /** The connection that caused it, for the dialects that do not echo to it. */
  readonly origin: string | null;
}

/** To the conversation: someone sent a message. */
export interface MessageCreated extends ChangeOfMessage {
  readonly type: 'message.created';
  /** Its trace (W3C `traceparent`), where it is followed. */
  readonly trace?: string | undefined;
}

/** To the conversation: its sender, or an admin, changed a message's content. */
export interface MessageEdited extends ChangeOfMessage {
  readonly type: 'message.edited';
}

/** To the conversation: its sender, or an admin, took a message back. */
export interface MessageDeleted extends ChangeOfMessage {
  readonly type: 'message.deleted';
}

/** What is stored, ordered by offset, and repaired from the database where a node missed it. */
export type MessageEvent = MessageCreated | MessageEdited | MessageDeleted;

/** To the conversation: a participant has read up to a message. */
export interface ConversationRead {
  readonly type: 'conversation.read';
  readonly conversation: ConversationRef;
  /** Who, by both names. */
  readonly userId: string;
  readonly userNumber: number;
  readonly lastReadSeq: number;
  readonly readAt: string;
  readonly origin: string | null;
}

/** To the conversation, never stored, may be dropped: someone started or stopped typing. */
export interface TypingChanged {
  readonly type: 'typing.changed';
  readonly conversation: ConversationRef;
  readonly user: UserRef;
  readonly isTyping: boolean;
  readonly origin: string | null;
}

export type PresenceStatus = 'online' | 'away' | 'offline';

/** To every node, never stored, may be dropped: a user's status, for those who share one of the conversations. */
export interface PresenceChanged {
  readonly type: 'presence.changed';
  readonly user: UserRef;
  readonly status: PresenceStatus;
  /** The user's conversations at that time. */
  readonly conversationIds: readonly string[];
}

/** To the conversation, never stored, may be dropped: a user who was not there has come to hear it. */
export interface OccupantJoined {
  readonly type: 'occupant.joined';
  readonly conversation: ConversationRef;
  readonly user: UserRef;
  readonly at: string;
}

/** Why a user hears a conversation no more: the user, or who may, ended it, or the last connection is gone. */
export type Departure = 'unsubscribed' | 'disconnected';

/** To the conversation, never stored, may be dropped: a user who was there hears it no more. */
export interface OccupantLeft {
  readonly type: 'occupant.left';
  readonly conversation: ConversationRef;
  readonly user: UserRef;
  readonly reason: Departure;
  readonly at: string;
}

/** To the user: connections that follow memberships hear the conversation from now on. */
export interface ParticipantAdded {
  readonly type: 'participant.added';
  readonly conversation: ConversationRef;
  readonly userId: string;
  /** The conversation's newest offset at that time: what comes after it is for them. */
  readonly offset: number;
}

/** To the user: no connection of theirs hears the conversation any more, unless it is open and one asks for it again. */
export interface ParticipantRemoved {
  readonly type: 'participant.removed';
  readonly conversation: ConversationRef;
  readonly userId: string;
}

/** A conversation in short, as a list of conversations shows it. */
export interface ConversationSummary {
  readonly id: string;
  readonly createdBy: string;
  /** Who takes part beside its creator; where these are very many, the first to have joined. */
  readonly invitedIds: readonly string[];
  /** Consultations only. */
  readonly petId: string | null;
  /** The newest message's content: empty where that is deleted, or there is none. */
  readonly lastMessage: string;
  /** When it was created, or the last message was sent. */
  readonly lastActivityAt: string;
}

/** To the user: a consultation is open to them from now on, which they started or to which they were invited. */
export interface ConsultationOpened {
  readonly type: 'consultation.opened';
  readonly userId: string;
  readonly consultation: ConversationSummary;
  /** The connection that caused it, which is answered. */
  readonly origin: string | null;
}

/** To the user: name, picture, role or standing changed; what connections remember of the user is out of date. */
export interface UserChanged {
  readonly type: 'user.changed';
  readonly user: UserRef;
  readonly role: Role;
  /** True when the user may not use the service any more. */
  readonly disabled: boolean;
}

/** To the user: a login was ended (logged out, or its refresh token was used twice); its connections close. */
export interface LoginEnded {
  readonly type: 'login.ended';
  readonly userId: string;
  readonly loginId: string;
}

/** To the user: an admin has ended all connections; the user may come back. */
export interface UserDisconnected {
  readonly type: 'user.disconnected';
  readonly userId: string;
}

/** A notification as it is when it is made. */
export interface NotificationState {
  readonly id: string;
  readonly number: number;
  /** Whose it is, by both names. */
  readonly userId: string;
  readonly userNumber: number;
  /** What it is about, for clients to tell apart: `new_comment`, `message` … */
  readonly type: string;
  readonly title: string;
  readonly message: string;
  /** Where the client may lead the user. */
  readonly link: string | null;
  readonly createdAt: string;
}

/** To the user: a new notification, not read yet. */
export interface NotificationCreated {
  readonly type: 'notification.created';
  readonly notification: NotificationState;
}

/** To the user: a notification was read. */
export interface NotificationRead {
  readonly type: 'notification.read';
  readonly userId: string;
  readonly notificationId: string;
  readonly number: number;
}

/** To the user: all notifications were read. */
export interface NotificationsAllRead {
  readonly type: 'notification.all-read';
  readonly userId: string;
}

/** To the user: a notification is no more. */
export interface NotificationDeleted {
  readonly type: 'notification.deleted';
  readonly userId: string;
  readonly notificationId: string;
  readonly number: number;
}

/** An attempt to check in to an event session; of a person's, one succeeds. */
export interface CheckInState {
  readonly sessionId: string;
  readonly userId: string;
  /** The user's full name. */
  readonly userName: string;
  readonly profileUrl: string | null;
  readonly checkinTime: string;
  readonly success: boolean;
  /** What became of it, for people to read. */
  readonly message: string;
}

/** To the event session: someone checked in, or tried to. */
export interface CheckInRecorded {
  readonly type: 'check-in.recorded';
  readonly checkIn: CheckInState;
}
