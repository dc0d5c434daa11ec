import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpSettings } from '../config/settings.js';
import { CloseCode } from './close-codes.js';
import { Connections } from './connections.js';
import { Reception } from './reception.js';
import { UpgradeDispatcher } from './upgrade.js';

/** Connections told at once to come back; more, and they would all come back at once. */
const BATCH = 500;
const PAUSE = 50;

/** The graceful stop of the sockets: nobody new, what was asked for is finished, everyone is told to come back. */
@Injectable()
export class Drain implements BeforeApplicationShutdown {
  constructor(
    private readonly connections: Connections,
    private readonly reception: Reception,
    private readonly upgrades: UpgradeDispatcher,
    private readonly settings: HttpSettings,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.reception.close();
    const everyone = [...this.connections];
    const grace = delay(this.settings.shutdownGrace / 2, undefined, { ref: false });
    for (let start = 0; start < everyone.length; start += BATCH) {
      if (start > 0) await delay(PAUSE);
      const batch = everyone.slice(start, start + BATCH);
      await Promise.race([grace, Promise.all(batch.map((connection) => connection.inbox.whenIdle()))]);
      for (const connection of batch) connection.close(CloseCode.RESTARTING, 'the server is restarting, reconnect');
    }
    await Promise.race([grace, Promise.all(everyone.map((connection) => connection.closed))]);
    for (const connection of everyone) connection.terminate();
    this.upgrades.close();
  }
}
