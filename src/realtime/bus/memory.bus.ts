import { Logger } from '@nestjs/common';
import type { Topic } from '../topics.js';
import { Bus, type BusListener, type MessageOn } from './bus.js';

/** The bus of a single node: delivers at once, in order, each event once. */
export class MemoryBus extends Bus {
  readonly isWhole = true;
  private readonly logger = new Logger(MemoryBus.name);
  private readonly listeners = new Map<Topic, (message: never) => void>();

  publish<T extends Topic>(topic: T, message: MessageOn<T>): void {
    this.deliver(topic, message);
  }

  deliver<T extends Topic>(topic: T, message: MessageOn<T>): void {
    try {
      const listener = this.listeners.get(topic) as BusListener<T> | undefined;
      listener?.(message);
    } catch (error) {
      this.logger.error(`a listener of ${message.type} failed`, (error as Error).stack);
    }
  }

  async subscribe<T extends Topic>(topic: T, listener: BusListener<T>): Promise<void> {
    this.listeners.set(topic, listener);
  }

  unsubscribe(topic: Topic): void {
    this.listeners.delete(topic);
  }

  onRestored(): void {
    // It is never away.
  }

  hears(topic: Topic): boolean {
    return this.listeners.has(topic);
  }

  get topics(): Iterable<Topic> {
    return this.listeners.keys();
  }
}
