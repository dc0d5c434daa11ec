import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Credentials } from './survey.js';

/** What a request is addressed to, of whatever host; nothing where that cannot be read. */
export function addressOf({ url }: IncomingMessage): URL | undefined {
  const base = 'http://localhost';
  return url?.startsWith('/') && URL.canParse(base + url) ? new URL(base + url) : undefined;
}

/** How a client shows who it is: the first of these counts (contract, "Credentials at a handshake"). */
export function credentialsOf(headers: IncomingHttpHeaders, address: URL, auth?: unknown): Credentials | undefined {
  const bearer = /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer) return { by: 'header', value: bearer };
  const { token } = (auth ?? {}) as { token?: unknown };
  if (typeof token === 'string') return { by: 'auth', value: token.replace(/^bearer +/i, '') };
  const query = address.searchParams.get('token') ?? address.searchParams.get('access_token');
  if (query !== null) return { by: 'query', value: query };
  const subprotocol = protocolsOf(headers).find((protocol) => protocol.startsWith('bearer.'));
  if (subprotocol) return { by: 'subprotocol', value: subprotocol.slice('bearer.'.length) };
  const email = headers['user-email'];
  return typeof email === 'string' ? { by: 'User-Email', value: email } : undefined;
}

export function protocolsOf(headers: IncomingHttpHeaders): string[] {
  const protocols = headers['sec-websocket-protocol']?.split(',').map((protocol) => protocol.trim()) ?? [];
  return protocols.filter((protocol) => protocol !== '');
}

/** The dialect that a plain websocket's handshake asks for (contract, "Which dialect a connection speaks"). */
export function dialectOf(headers: IncomingHttpHeaders, address: URL): string {
  const { pathname, searchParams } = address;
  const named = protocolsOf(headers).find((protocol) => protocol.startsWith('parlance.'));
  if (named) return named.slice('parlance.'.length);
  if (searchParams.has('dialect')) return searchParams.get('dialect')!;
  if (pathname.startsWith('/ws/dashboard/')) return 'dashboard';
  if (pathname.startsWith('/socket.io')) return 'socketio';
  if (pathname === '/ws/') return 'pets';
  if (pathname === '/ws') return 'flat';
  if (pathname === '/api/v1/ws') {
    return headers['user-email'] !== undefined || searchParams.has('channel_id') ? 'channels' : 'tribe';
  }
  return 'unknown';
}
