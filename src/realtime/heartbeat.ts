import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { RealtimeSettings } from '../config/settings.js';
import { CloseCode } from './close-codes.js';
import type { Connection } from './connection.js';
import { Connections } from './connections.js';

const SECOND = 1_000;

/** Finds the peers that are gone without a word, and the credentials that end. */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly expiring = new Set<Connection>();
  private readonly period: number;
  private timer: NodeJS.Timeout | undefined;
  private pingedAt = performance.now();

  constructor(
    private readonly connections: Connections,
    private readonly settings: RealtimeSettings,
  ) {
    this.period = Math.min(SECOND, settings.heartbeatInterval);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), this.period).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Ends the connection when its credentials end. Only those about to have a timer of their own. */
  watch(connection: Connection): void {
    const remaining = (connection.principal.expiresAt ?? Infinity) - Date.now();
    if (remaining > 2 * this.period || this.expiring.has(connection)) return;
    this.expiring.add(connection);
    const timer = setTimeout(() => connection.close(CloseCode.SIGNED_OUT, 'token expired'), Math.max(0, remaining));
    connection.onEnd(() => {
      clearTimeout(timer);
      this.expiring.delete(connection);
    });
  }

  private tick(): void {
    const isPulse = performance.now() - this.pingedAt >= this.settings.heartbeatInterval - 1;
    if (isPulse) this.pingedAt = performance.now();
    for (const connection of this.connections) {
      this.watch(connection);
      if (!isPulse || !connection.isOpen) continue;
      if (connection.isAlive) connection.ping();
      else connection.terminate();
    }
  }
}
