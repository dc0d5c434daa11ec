import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { SettingError } from './config/env.js';
import { HttpSettings } from './config/settings.js';
import { HTTP_LIMITS } from './http-adapter.js';
import { UpgradeDispatcher } from './realtime/upgrade.js';

/** The ports of the settings: the framework's own server, and for each further port another before the same routes. */
@Injectable()
export class HttpListeners implements OnModuleInit {
  private readonly further: Server[] = [];

  constructor(
    private readonly settings: HttpSettings,
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly upgrades: UpgradeDispatcher,
  ) {}

  /** The further ones are closed with the framework's own, when the sockets have left. */
  onModuleInit(): void {
    this.fastify.addHook('preClose', async () => void (await Promise.all(this.further.map(close))));
  }

  /**
   * Listens at each; the application is initialized by now.
   *
   * @returns the URLs, in the order of the ports
   * @throws {SettingError} when a port cannot be had
   */
  async open(): Promise<string[]> {
    const { fastify } = this;
    await fastify.ready();
    const urls: string[] = [];
    for (const port of this.settings.ports) {
      const isFirst = urls.length === 0;
      const server = isFirst ? fastify.server : createServer(HTTP_LIMITS, (...each) => fastify.routing(...each));
      if (!isFirst) this.further.push(server);
      this.upgrades.attach(server);
      urls.push(await this.listen(server, port));
    }
    return urls;
  }

  private async listen(server: Server, port: number): Promise<string> {
    server.listen(port, this.settings.host);
    await once(server, 'listening').catch((error: Error) => {
      throw new SettingError('PORT', `${port} cannot be listened at: ${error.message}`);
    });
    return urlOf(server);
  }

  private get fastify(): FastifyInstance {
    return this.host.httpAdapter.getInstance();
  }
}

function urlOf(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server is not listening');
  return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((closed) => server.close(() => closed()));
}
