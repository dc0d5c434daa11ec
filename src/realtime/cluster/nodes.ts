import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Bus } from '../bus/bus.js';
import { NODES_TOPIC } from '../topics.js';
import type { NodeMessage } from './messages.js';
import { ThisNode } from './this-node.js';

type Of<Type extends NodeMessage['type']> = Extract<NodeMessage, { type: Type }>;

/** The talk between the nodes. */
@Injectable()
export class Nodes implements OnApplicationBootstrap {
  private readonly handlers = new Map<NodeMessage['type'], (message: never) => void>();

  constructor(
    private readonly bus: Bus,
    private readonly thisNode: ThisNode,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.subscribe(NODES_TOPIC, (message) => this.receive(message));
  }

  /** Calls `handler` with what other nodes tell of that type; each type has one. */
  on<Type extends NodeMessage['type']>(type: Type, handler: (message: Of<Type>) => void): void {
    this.handlers.set(type, handler);
  }

  tell(message: NodeMessage): void {
    this.bus.publish(NODES_TOPIC, message);
  }

  private receive(message: NodeMessage): void {
    if (message.node === this.thisNode.id) return;
    const handler = this.handlers.get(message.type) as ((message: NodeMessage) => void) | undefined;
    handler?.(message);
  }
}
