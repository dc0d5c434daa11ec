import type { DomainEvent } from './events.js';

/** Where a domain event is published. Only this file spells the names. */
export type EventTopic =
  `conversation:${string}` | `user:${string}` | `session:${string}` | `feature:${string}` | 'presence';

export type Topic = EventTopic | 'nodes';

export const conversationTopic = (conversationId: string): EventTopic => `conversation:${conversationId}`;
export const userTopic = (userId: string): EventTopic => `user:${userId}`;
export const sessionTopic = (sessionId: string): EventTopic => `session:${sessionId}`;
/** For events of a feature outside this tree; `name` begins with the feature's. */
export const featureTopic = (name: string): EventTopic => `feature:${name}`;
export const PRESENCE_TOPIC = 'presence' satisfies Topic;
/** What the nodes tell each other of themselves. */
export const NODES_TOPIC = 'nodes' satisfies Topic;

/** The one topic on which an event is heard. */
export function topicOf(event: DomainEvent): EventTopic {
  switch (event.type) {
    case 'message.created':
    case 'message.edited':
    case 'message.deleted':
    case 'conversation.read':
    case 'typing.changed':
    case 'occupant.joined':
    case 'occupant.left':
      return conversationTopic(event.conversation.id);
    case 'participant.added':
    case 'participant.removed':
    case 'consultation.opened':
    case 'login.ended':
    case 'user.disconnected':
    case 'notification.read':
    case 'notification.all-read':
    case 'notification.deleted':
      return userTopic(event.userId);
    case 'notification.created':
      return userTopic(event.notification.userId);
    case 'user.changed':
      return userTopic(event.user.id);
    case 'check-in.recorded':
      return sessionTopic(event.checkIn.sessionId);
    case 'presence.changed':
      return PRESENCE_TOPIC;
    default:
      return (event as FeatureEvent).topic;
  }
}

/** What the events of all features outside this tree have. */
interface FeatureEvent {
  readonly topic: EventTopic;
}
