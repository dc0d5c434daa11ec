import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** What asks for the change of protocol that is not made, and is left out of the request that is served instead. */
const ASKING = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * Serves a request that offers another protocol than websockets as if it had not: a server need not take an offer (RFC 9110,
 * 7.8). Java's client, for one, offers HTTP/2 with every request; Node takes every offer for a demand once someone listens.
 */
export function serveAsPlainHttp(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/1.1`];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const [name, value] = request.rawHeaders.slice(index, index + 2);
    if (name !== undefined && !ASKING.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  if (head.length > 0) socket.unshift(head);
  socket.unshift(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  server.emit('connection', socket);
}

/** Whether a request asks for a websocket, and not for something else. */
export function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}
