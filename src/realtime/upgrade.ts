import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { WebSocketServer } from 'ws';
import { invalid, notFound } from '../common/errors.js';
import { RealtimeSettings } from '../config/settings.js';
import type { Carrier } from './carrier.js';
import type { Connection } from './connection.js';
import { Frames } from './frames.js';
import { type Handshake, readHandshake, selectSubprotocol } from './handshake.js';
import { parametersOf } from './path.js';
import { asksForWebSocket, serveAsPlainHttp } from './plain-http.js';
import { Reception } from './reception.js';
import { refuse } from './refusal.js';
import { DialectRegistry, type Service } from './registry.js';
import { WebSocketTransport } from './websocket.transport.js';

/** Fragments of one message: each is kept, however small, until the last one has come. */
const MOST_FRAGMENTS = 1_024;

/** Takes every upgrade that is not a carrier's: which dialect, and is it let in. Answered with the 101, or plain HTTP. */
@Injectable()
export class UpgradeDispatcher {
  private readonly websockets: WebSocketServer;
  private readonly carriers: Carrier[] = [];

  constructor(
    private readonly reception: Reception,
    private readonly registry: DialectRegistry,
    private readonly frames: Frames,
    private readonly settings: RealtimeSettings,
  ) {
    this.websockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: settings.maxFrameBytes,
      maxFragments: MOST_FRAGMENTS,
      perMessageDeflate: false, // a frame is encoded once for all its listeners; and nothing can be a deflate bomb
      handleProtocols: (offered) => selectSubprotocol(offered) ?? false,
    });
    this.websockets.on('wsClientError', (error, socket) => refuse(socket, invalid(error.message)));
  }

  /** Leaves a path to another protocol, on every server that is attached from now on. */
  register(carrier: Carrier): void {
    this.carriers.push(carrier);
  }

  /** Serves the upgrades of an HTTP server. */
  attach(server: Server): void {
    for (const carrier of this.carriers) carrier.attach(server);
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (this.isCarriers(request)) return;
      if (asksForWebSocket(request)) void this.upgrade(request, socket, head);
      else serveAsPlainHttp(server, request, socket, head);
    });
  }

  /** Ends what the carriers still have. */
  close(): void {
    for (const carrier of this.carriers) carrier.close();
  }

  private isCarriers({ url }: IncomingMessage): boolean {
    return this.carriers.some(({ path }) => url?.startsWith(path));
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    let connection: Connection | undefined;
    const departure = new AbortController();
    const hangUp = (): void => {
      socket.destroy();
      departure.abort();
    };
    socket.on('error', hangUp).on('close', hangUp);
    try {
      const { handshake, service } = this.examine(request);
      connection = await this.reception.receive(handshake, service, departure.signal);
      this.open(connection, service, request, socket, head);
      socket.off('error', hangUp).off('close', hangUp);
    } catch (error) {
      connection?.end();
      refuse(socket, this.reception.refusalOf(error));
    }
  }

  private examine(request: IncomingMessage): { handshake: Handshake; service: Service } {
    const handshake = readHandshake(request);
    if (!handshake) throw invalid('The address is malformed');
    if (!this.registry.serves(handshake.path)) throw notFound(`Path ${handshake.path}`);
    const service = this.registry.choose(handshake);
    if (!service) throw invalid('dialect is not one that this path serves');
    const parameters = parametersOf(service.dialect.path, handshake.path) ?? {};
    return { handshake: { ...handshake, parameters }, service };
  }

  private open(connection: Connection, service: Service, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    let isOpen = false;
    this.websockets.handleUpgrade(request, socket, head, (websocket) => {
      isOpen = true;
      const onMessage = this.frames.listener(connection);
      const transport = new WebSocketTransport(websocket, socket, connection, this.settings.sendBufferBytes, onMessage);
      this.reception.open(connection, service, transport);
    });
    if (!isOpen) connection.end(); // not a websocket's handshake after all, and answered
  }
}
