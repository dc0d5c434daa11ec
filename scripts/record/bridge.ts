import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { EngineClients } from './engine-clients.js';
import type { EngineSession } from './engine-session.js';
import { addressOf, credentialsOf, dialectOf, protocolsOf } from './handshake.js';
import type { Side } from './recording.js';
import type { RecorderOptions } from './recorder.js';
import type { Scribe, SeenOpening } from './scribe.js';

/** Bytes that may wait for a side that reads slowly; then the other side is not read. */
const MOST_WAITING = 1024 * 1024;
/** Close codes that an end may send (RFC 6455, 7.4); the others stand for what was not sent. */
const maySay = (code: number): boolean =>
  (code >= 3000 && code < 5000) || (code >= 1000 && code < 1015 && ![1004, 1005, 1006].includes(code));
/** What `ws` writes itself in a handshake. */
const OWN_HEADERS = new Set([
  'host',
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
  'sec-websocket-protocol',
]);

/** Tells of a websocket's frames. */
interface Ear {
  opened(refused?: number): void;
  /** Answered when it may be passed on. */
  heard(from: Side, data: string | Buffer): Promise<void>;
  closed(from: Side, code: number): void;
}

/** The websockets that go through: each is one from the client to us and one from us to the server. */
export class Bridge {
  private readonly sockets = new Set<WebSocket>();

  constructor(
    private readonly scribe: Scribe,
    private readonly engineClients: EngineClients,
    private readonly options: RecorderOptions,
    private readonly now: () => number,
  ) {}

  /** Asks the server what the client has asked of us; the client is let in when we are, and refused as we are. */
  async upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const address = addressOf(request);
    socket.on('error', () => {}); // told by `close`
    if (address) await this.scribe.meet(credentialsOf(request.headers, address));
    const server = address && !socket.destroyed && this.connect(request);
    if (!server) {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const ear = this.ear(request, address);
    this.sockets.add(server);
    server.on('close', () => this.sockets.delete(server));
    const giveUp = (): void => server.terminate();
    socket.on('close', giveUp);
    const fail = (): void => {
      socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    };
    server.on('error', fail);
    server.on('unexpected-response', (_, answer) => {
      ear.opened(answer.statusCode);
      passOn(answer, socket);
    });
    server.on('open', () => {
      socket.off('close', giveUp);
      server.off('error', fail);
      ear.opened();
      const door = new WebSocketServer({
        noServer: true,
        perMessageDeflate: false,
        autoPong: false,
        handleProtocols: () => server.protocol || false,
      });
      door.handleUpgrade(request, socket, head, (client) => join(client, server, ear));
    });
  }

  close(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  /** Our own websocket to the server, which asks for the same; nothing, where it is not one that can be asked for. */
  private connect({ url, headers }: IncomingMessage): WebSocket | undefined {
    const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name)));
    try {
      return new WebSocket(this.options.to.replace(/^http/, 'ws') + url, protocolsOf(headers), {
        headers: passed as Record<string, string>,
        perMessageDeflate: false,
        autoPong: false,
      });
    } catch {
      return undefined;
    }
  }

  private ear(request: IncomingMessage, address: URL): Ear {
    if (address.pathname.startsWith('/socket.io')) {
      if (this.options.dialect && this.options.dialect !== 'socketio') return DEAF;
      return engineEar(this.engineClients, this.engineClients.websocket(request.headers, address));
    }
    const dialect = dialectOf(request.headers, address);
    if (this.options.dialect && this.options.dialect !== dialect) return DEAF;
    const connection = ++this.scribe.numbers;
    const credentials = credentialsOf(request.headers, address);
    const seen = { connection, credentials };
    const opening: SeenOpening = {
      seen: 'opening',
      at: this.now(),
      ...seen,
      dialect,
      address,
      protocols: protocolsOf(request.headers),
    };
    return {
      opened: (refused) => this.scribe.note({ ...opening, ...(refused !== undefined && { refused }) }),
      heard: async (from, data) => {
        const what = typeof data === 'string' ? { text: data } : { binary: data.length };
        this.scribe.note({ seen: 'frame', at: this.now(), ...seen, from, ...what });
      },
      closed: (from, code) => this.scribe.note({ seen: 'closing', at: this.now(), connection, from, code }),
    };
  }
}

const DEAF: Ear = { opened() {}, async heard() {}, closed() {} };

function engineEar(clients: EngineClients, session: EngineSession): Ear {
  return {
    opened() {},
    async heard(from, data) {
      if (typeof data === 'string') await session.packet(from, data);
    },
    closed: (from) => clients.ended(session, from),
  };
}

/** Passes on what either side says, how it ends, and its pings, so that each sees whether the other is there. */
function join(client: WebSocket, server: WebSocket, ear: Ear): void {
  let isOver = false;
  for (const [from, to, side] of [
    [client, server, 'client'],
    [server, client, 'server'],
  ] as const) {
    let passed = Promise.resolve();
    const pass = async (before: Promise<void>, data: RawData, isBinary: boolean): Promise<void> => {
      await before;
      await ear.heard(side, isBinary ? toBuffer(data) : toBuffer(data).toString());
      to.send(data, { binary: isBinary }, () => {
        if (to.bufferedAmount <= MOST_WAITING) from.resume();
      });
      if (to.bufferedAmount > MOST_WAITING) from.pause();
    };
    const end = async (code: number, reason: Buffer): Promise<void> => {
      await passed;
      if (!isOver) ear.closed(side, code);
      isOver = true;
      if (code === 1006) to.terminate();
      else if (maySay(code)) to.close(code, reason);
      else to.close();
    };
    from.on('message', (data, isBinary) => {
      passed = pass(passed, data, isBinary);
    });
    from.on('close', (code, reason) => void end(code, reason));
    from.on('ping', (data) => whileOpen(to, () => to.ping(data)));
    from.on('pong', (data) => whileOpen(to, () => to.pong(data)));
    from.on('error', () => {}); // told by `close`
  }
}

function whileOpen(socket: WebSocket, act: () => void): void {
  if (socket.readyState === WebSocket.OPEN) act();
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** Gives a client the HTTP answer that we got. */
function passOn(answer: IncomingMessage, socket: Socket): void {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let index = 0; index < answer.rawHeaders.length; index += 2) {
    if (!/^(connection|transfer-encoding)$/i.test(answer.rawHeaders[index]!)) {
      lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
    }
  }
  socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
  answer.pipe(socket);
}
