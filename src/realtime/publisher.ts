import { Injectable } from '@nestjs/common';
import { Bus } from './bus/bus.js';
import type { DomainEvent } from './events.js';
import { topicOf } from './topics.js';

/** How features tell what has happened. To be called after the commit only. */
@Injectable()
export class EventPublisher {
  private readonly observers: ((event: DomainEvent) => void)[] = [];

  constructor(private readonly bus: Bus) {}

  publish(event: DomainEvent): void {
    this.bus.publish(topicOf(event), event);
    for (const observe of this.observers) observe(event);
  }

  /** Shows an event to the connections of this node alone: for what every node finds out by itself. */
  publishHere(event: DomainEvent): void {
    this.bus.deliver(topicOf(event), event);
  }

  /**
   * Calls `observer` with what is published on this node: each event is observed on one node only, once, for what a feature
   * does about it rather than shows of it. It must not throw, and must not take long.
   */
  observe(observer: (event: DomainEvent) => void): void {
    this.observers.push(observer);
  }
}
