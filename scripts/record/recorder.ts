import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request as requestHttp,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { EngineClients } from './engine-clients.js';
import { addressOf, credentialsOf } from './handshake.js';
import type { Scribe } from './scribe.js';
import { Bridge } from './bridge.js';

/** What is kept of a call's body, and of its answer, at most, in bytes; the server refuses greater ones. */
const MOST_KEPT = 1024 * 1024;
/** Signing in is part of the setup, and reading changes nothing. */
const RECORDED = /^\/api\/v1\/(?!auth\/(register|login|refresh)$)/;
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Headers of one connection, not of what goes through it (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set(
  'connection keep-alive proxy-connection te trailer transfer-encoding upgrade host'.split(' '),
);

export interface RecorderOptions {
  /** The server: `http://host:port` or `https://…`. */
  readonly to: string;
  /** Where to listen; default: this machine. */
  readonly host?: string | undefined;
  /** TCP port; 0: a free one. */
  readonly port: number;
  /** The only dialect to record; none: all. REST calls are recorded anyway: some dialects send by them. */
  readonly dialect?: string | undefined;
}

/**
 * Stands between clients and a server, whatever they speak, and has the scribe write down what they say. What goes through
 * is not changed, but the `Host`; so clients need another address, and nothing else.
 */
export class Recorder {
  private readonly server: Server;
  private readonly startedAt = performance.now();
  private readonly engineClients: EngineClients;
  private readonly bridge: Bridge;

  private constructor(
    private readonly scribe: Scribe,
    private readonly options: RecorderOptions,
  ) {
    const now = (): number => this.now();
    this.engineClients = new EngineClients(scribe, now, () => ++this.scribe.numbers);
    this.bridge = new Bridge(scribe, this.engineClients, options, now);
    this.server = createServer((request, response) => {
      this.forward(request, response).catch(() => response.destroy()); // who asked is gone
    });
    this.server.on('upgrade', (request, socket, head) => void this.bridge.upgrade(request, socket as Socket, head));
  }

  /** Listens. @throws where the port is taken */
  static async start(scribe: Scribe, options: RecorderOptions): Promise<Recorder> {
    const recorder = new Recorder(scribe, options);
    recorder.server.listen(options.port, options.host ?? '127.0.0.1');
    await once(recorder.server, 'listening');
    return recorder;
  }

  /** Where clients connect. */
  get url(): string {
    return `http://${this.options.host ?? '127.0.0.1'}:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends every connection, and finishes the file. */
  async close(): Promise<void> {
    this.bridge.close();
    this.server.close();
    this.server.closeAllConnections();
    await this.scribe.close();
  }

  private now(): number {
    return Math.round(performance.now() - this.startedAt);
  }

  private async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = addressOf(request);
    if (!address) {
      response.writeHead(400).end();
      return;
    }
    const { dialect } = this.options;
    const isReading = READING.has(request.method ?? '');
    const isEngine = address.pathname.startsWith('/socket.io') && (!dialect || dialect === 'socketio');
    const isCall = RECORDED.test(address.pathname) && !isReading;
    const outgoing = (): ClientRequest => this.open(request, response);
    if (isEngine && isReading) {
      const sent = outgoing();
      this.engineClients.poll(request.headers, address, answerOf(sent));
      sent.end();
    } else if (isEngine) {
      const body = await read(request);
      if (!body) return tooLarge(response);
      await this.engineClients.post(address, body.toString());
      outgoing().end(body);
    } else if (isCall) {
      const at = this.now();
      const credentials = credentialsOf(request.headers, address);
      const body = await read(request);
      if (!body) return tooLarge(response);
      await this.scribe.meet(credentials);
      const sent = outgoing();
      const seen = {
        seen: 'call',
        at,
        method: request.method ?? '',
        address,
        credentials,
        body: body.toString(),
      } as const;
      this.scribe.note(
        answerOf(sent).then((answer) => answer && { ...seen, status: answer.status, answer: answer.body }),
      );
      sent.end(body);
    } else {
      request.pipe(outgoing());
    }
  }

  /** Asks the server what was asked of us, and answers what it answers. */
  private open(request: IncomingMessage, response: ServerResponse): ClientRequest {
    const outgoing = this.request(request);
    response.on('close', () => outgoing.destroy());
    outgoing.on('error', () => {
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
      response.end('The server that is recorded does not answer\n');
    });
    outgoing.on('response', (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, withoutHops(incoming.rawHeaders));
      incoming.on('error', () => response.destroy());
      incoming.pipe(response);
    });
    return outgoing;
  }

  private request(request: IncomingMessage): ClientRequest {
    const to = new URL(this.options.to);
    const headers: string[] = ['host', to.host];
    for (const [name, value] of pairs(request.rawHeaders)) {
      // The answer is to be read here: it must not be compressed.
      if (!HOP_BY_HOP.has(name.toLowerCase()) && name.toLowerCase() !== 'accept-encoding') headers.push(name, value);
    }
    if (request.headers['transfer-encoding']) headers.push('transfer-encoding', request.headers['transfer-encoding']);
    const send = to.protocol === 'https:' ? requestHttps : requestHttp;
    return send(to, { method: request.method, path: request.url, headers });
  }
}

/** The answer to a request, when all of it is there; nothing, if there is none. */
function answerOf(outgoing: ClientRequest): Promise<{ status: number; body: string } | undefined> {
  return new Promise((resolve) => {
    outgoing.on('error', () => resolve(undefined));
    outgoing.on('response', (incoming) => {
      const status = incoming.statusCode ?? 0;
      read(incoming).then(
        (body) => resolve({ status, body: body?.toString() ?? '' }),
        () => resolve(undefined),
      );
    });
  });
}

/** All that a stream carries; nothing, where that is more than is kept. @throws where it breaks off */
async function read(stream: NodeJS.ReadableStream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_KEPT) chunks.push(chunk);
  });
  await finished(stream, { writable: false });
  return bytes <= MOST_KEPT ? Buffer.concat(chunks) : undefined;
}

function tooLarge(response: ServerResponse): void {
  response.writeHead(413).end();
}

function* pairs(rawHeaders: readonly string[]): Generator<[name: string, value: string]> {
  for (let index = 0; index < rawHeaders.length; index += 2) yield [rawHeaders[index]!, rawHeaders[index + 1]!];
}

function withoutHops(rawHeaders: readonly string[]): string[] {
  return [...pairs(rawHeaders)].filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase())).flat();
}
