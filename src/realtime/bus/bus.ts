import type { NodeMessage } from '../cluster/messages.js';
import type { DomainEvent } from '../events.js';
import type { NODES_TOPIC, Topic } from '../topics.js';

/** What is published on a topic. */
export type MessageOn<T extends Topic> = T extends typeof NODES_TOPIC ? NodeMessage : DomainEvent;

export type BusListener<T extends Topic> = (message: MessageOn<T>) => void;

/**
 * Carries events between the nodes, this one included: there is no second way to a local connection.
 *
 * The promise is weak, so that any transport can keep it: an event published on a topic reaches, soon, every listener
 * whose `subscribe` had been answered before. It may be lost, repeated or overtaken. What must not be is repaired by the
 * listener from the database, by offset; what may be (typing, presence) is not. A listener on the publishing node is
 * reached whatever becomes of the transport.
 */
export abstract class Bus {
  /** Never throws and never waits: the change that it tells of is committed whether or not the bus can carry it. */
  abstract publish<T extends Topic>(topic: T, message: MessageOn<T>): void;

  /** As {@link publish}, to this node's listener alone. */
  abstract deliver<T extends Topic>(topic: T, message: MessageOn<T>): void;

  /**
   * Answered when everything published from then on will be heard or, while the transport is away, when everything
   * published on this node will be. A topic has one listener on a node.
   */
  abstract subscribe<T extends Topic>(topic: T, listener: BusListener<T>): Promise<void>;

  /** Nothing of the topic is heard any more. */
  abstract unsubscribe(topic: Topic): void;

  /** Whether what other nodes publish is heard now. */
  abstract get isWhole(): boolean;

  /** Calls `listener` whenever the bus is whole again: what other nodes have published meanwhile is lost. */
  abstract onRestored(listener: () => void): void;
}
