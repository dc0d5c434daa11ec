import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type DefaultEventsMap, Server, type Socket } from 'socket.io';
import { conflict, invalid } from '../../common/errors.js';
import { RealtimeSettings } from '../../config/settings.js';
import type { Carrier } from '../../realtime/carrier.js';
import type { ClientFrame, Connection, Reply } from '../../realtime/connection.js';
import { Frames } from '../../realtime/frames.js';
import { type Offer, readHandshake } from '../../realtime/handshake.js';
import { Origins } from '../../realtime/origins.js';
import { Reception } from '../../realtime/reception.js';
import { retryAfter } from '../../realtime/refusal.js';
import { DialectRegistry, type Service } from '../../realtime/registry.js';
import { UpgradeDispatcher } from '../../realtime/upgrade.js';
import { Decoder, Encoder } from './socketio.parser.js';
import { socketio } from './socketio.presenter.js';
import { SocketIoTransport } from './socketio.transport.js';

interface SocketData {
  connection: Connection;
}
type Client = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;
type ClientServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;
type Engine = ClientServer['engine'];

/** Milliseconds from the transport's opening until the client must have said who it is. */
const CONNECT_TIMEOUT = 10_000;

/**
 * Socket.IO on the servers of the other dialects. It carries frames and no more: its sockets become connections of the
 * engine, with the same reception, hub and handlers as any other, and its own rooms and broadcasts are not used.
 */
@Injectable()
export class SocketIoServer implements Carrier, OnModuleInit {
  readonly path = socketio.path;
  private readonly io: ClientServer;
  private readonly engines: Engine[] = [];
  private readonly transports = new Map<string, SocketIoTransport>();
  /** Clients that are being let in: a second wish to connect meanwhile is refused. */
  private readonly arriving = new WeakSet<object>();

  constructor(
    private readonly upgrades: UpgradeDispatcher,
    private readonly registry: DialectRegistry,
    private readonly reception: Reception,
    private readonly frames: Frames,
    origins: Origins,
    private readonly settings: RealtimeSettings,
  ) {
    this.io = new Server({
      path: this.path,
      addTrailingSlash: false, // taken with and without
      serveClient: false,
      parser: { Decoder, Encoder },
      destroyUpgrade: false, // those of the other dialects
      connectTimeout: CONNECT_TIMEOUT,
      pingInterval: settings.heartbeatInterval,
      pingTimeout: settings.heartbeatInterval,
      maxHttpBufferSize: settings.maxFrameBytes,
      httpCompression: false,
      cors: { origin: (origin, allow) => allow(null, origins.allows(origin, undefined)) },
    });
    this.io.use((socket, next) => void this.letIn(socket, next));
    this.io.on('connection', (socket) => this.open(socket));
  }

  onModuleInit(): void {
    this.upgrades.register(this);
  }

  attach(server: HttpServer): void {
    this.io.attach(server); // each server gets an engine of its own, of which the last one is `io.engine`
    const { engine } = this.io;
    engine.use((request: IncomingMessage, answer: ServerResponse, next: () => void) => {
      this.admitRequest(request, answer, next);
    });
    this.engines.push(engine);
  }

  close(): void {
    for (const engine of this.engines) engine.close();
  }

  /** Answers a client's wish to connect. */
  private async letIn(socket: Client, answer: (error?: Error) => void): Promise<void> {
    try {
      await this.receive(socket);
    } catch (error) {
      answer(this.toConnectError(error));
      return;
    }
    answer();
  }

  private async receive(socket: Client): Promise<void> {
    const { client, conn } = socket;
    if (this.arriving.has(client)) throw conflict('This client is connecting already');
    this.arriving.add(client);
    const departure = new AbortController();
    const depart = (): void => departure.abort();
    conn.once('close', depart);
    try {
      const handshake = readHandshake(socket.request, offerOf(socket.handshake.auth));
      if (!handshake) throw invalid('The address is malformed');
      if (conn.readyState !== 'open') depart();
      socket.data.connection = await this.reception.receive(handshake, this.service, departure.signal);
    } finally {
      this.arriving.delete(client);
    }
  }

  private open(socket: Client): void {
    const { conn, data } = socket;
    const { connection } = data;
    if (connection.isEnded) {
      socket.disconnect(true); // it was taken back as it was given
      return;
    }
    const { sid } = conn.transport;
    const transport = new SocketIoTransport(socket, connection, this.settings.sendBufferBytes);
    this.transports.set(sid, transport);
    conn.once('close', () => this.transports.delete(sid));
    const receive = this.frames.receiver(connection);
    // And no further: nothing listens to it. What was sent before an acknowledgement goes out before it.
    socket.use((emitted: readonly unknown[]) => {
      const [frame, reply] = toFrame(emitted);
      receive(frame, reply && transport.inOrder(reply));
    });
    this.reception.open(connection, this.service, transport);
  }

  /** What a polling client posts waits while it has sent too much. */
  private admitRequest({ method, url }: IncomingMessage, answer: ServerResponse, next: () => void): void {
    answer.setHeader('x-content-type-options', 'nosniff');
    if (method !== 'GET' && method !== 'POST') {
      answer.writeHead(405, { allow: 'GET, POST' }).end();
      return;
    }
    const sid = method === 'POST' ? new URL(url ?? '', 'http://localhost').searchParams.get('sid') : null;
    const transport = sid === null ? undefined : this.transports.get(sid);
    if (transport) transport.whenReadable(next);
    else next();
  }

  private get service(): Service {
    return this.registry.serviceOf(socketio);
  }

  /** As the client's `connect_error` gets it: the status and the advice that other clients are answered with are in `data`. */
  private toConnectError(error: unknown): Error {
    const { message, status } = this.reception.refusalOf(error);
    const seconds = retryAfter(status);
    return Object.assign(new Error(message), { data: { status, ...(seconds && { retry_after: seconds }) } });
  }
}

/** What the client's `auth` says, of whatever form it is: a token with or without its scheme, and extensions. */
function offerOf({ token, ext }: Readonly<Record<string, unknown>>): Offer {
  const names: unknown = Array.isArray(ext) ? ext.join(',') : ext;
  return {
    bearer: typeof token === 'string' ? token.replace(/^bearer +/i, '') : undefined,
    extensions: typeof names === 'string' ? names : undefined,
  };
}

/**
 * What was emitted, as one object: an event's name, its one argument and, where the client passed one, the callback that
 * stands for its acknowledgement. An argument that is no object is the name of a conversation.
 */
function toFrame(emitted: readonly unknown[]): [frame: ClientFrame, reply: Reply | undefined] {
  const [event, payload] = emitted;
  const last = emitted.at(-1);
  const fields = typeof payload === 'object' && !Array.isArray(payload) ? payload : { conversationId: payload };
  return [{ ...fields, event }, typeof last === 'function' ? (last as Reply) : undefined];
}
