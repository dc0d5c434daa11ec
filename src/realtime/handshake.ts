import type { IncomingMessage } from 'node:http';
import type { TokenPlace } from './connection-usage.js';
import type { Credentials } from './ports.js';
import { parseExtensions, type Extensions } from './extensions.js';

/** What a client said when it asked for the upgrade (contract, "Which dialect a connection speaks" and "Credentials"). */
export interface Handshake {
  readonly path: string;
  /** Without tokens. */
  readonly query: URLSearchParams;
  /** What stands for the parameters of the dialect's path. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The dialect that the client named, by subprotocol or query. */
  readonly dialect: string | undefined;
  readonly extensions: Extensions;
  readonly credentials: Credentials;
  /** Where the token was, if there is one. */
  readonly tokenPlace: TokenPlace | undefined;
  /** Which program the client says that it is; its first signs. */
  readonly userAgent: string | undefined;
  readonly origin: string | undefined;
  /** The server's own host and port, as the client named them. */
  readonly host: string | undefined;
}

/** What a client offers apart from the request's address and headers, where its protocol has a place for that. */
export interface Offer {
  readonly bearer?: string | undefined;
  /** As in `?ext=`. */
  readonly extensions?: string | undefined;
}

/** Most handshakes have none: one for all of them. */
const NO_QUERY = new URLSearchParams();
const NO_PARAMETERS = {};
const SUBPROTOCOL = 'parlance';
const BEARER = 'bearer.';
/** Characters of a `User-Agent` that are kept. */
const USER_AGENT_LENGTH = 200;

/** Reads a handshake, or nothing when its address is not one. */
export function readHandshake(request: IncomingMessage, offer: Offer = {}): Handshake | undefined {
  const target = request.url ?? '';
  if (!target.startsWith('/') || !URL.canParse(target, 'ws://localhost') || !isDecodable(target)) return undefined;
  const [path, search] = split(target);
  const query = search === '' ? NO_QUERY : new URLSearchParams(search);
  const offered = subprotocols(request);
  const [bearer, tokenPlace] = bearerOf(request, offer, query, offered);
  return {
    path,
    query: withoutTokens(query),
    parameters: NO_PARAMETERS,
    dialect: selectSubprotocol(offered)?.split('.')[1] ?? query.get('dialect') ?? undefined,
    extensions: parseExtensions(offer.extensions ?? query.get('ext')),
    credentials: {
      bearer,
      userEmail: request.headersDistinct['user-email'] ?? [],
      peerAddress: request.socket.remoteAddress ?? '',
    },
    tokenPlace,
    userAgent: request.headers['user-agent']?.slice(0, USER_AGENT_LENGTH),
    origin: request.headers.origin,
    host: request.headers.host,
  };
}

/** The subprotocol that the server takes of those offered: never the one that carries a token. */
export function selectSubprotocol(offered: Iterable<string>): string | undefined {
  let plain: string | undefined;
  for (const protocol of offered) {
    if (protocol.startsWith(`${SUBPROTOCOL}.`)) return protocol;
    if (protocol === SUBPROTOCOL) plain = protocol;
  }
  return plain;
}

function bearerOf(
  request: IncomingMessage,
  offer: Offer,
  query: URLSearchParams,
  offered: readonly string[],
): [bearer: string | undefined, place: TokenPlace | undefined] {
  const header = /^bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const subprotocol = offered.find((protocol) => protocol.startsWith(BEARER))?.slice(BEARER.length);
  const places: readonly [TokenPlace, string | null | undefined][] = [
    ['authorization', header],
    ['auth', offer.bearer],
    ['token', query.get('token')],
    ['access_token', query.get('access_token')],
    ['subprotocol', subprotocol],
  ];
  for (const [place, token] of places) if (token != null) return [token, place];
  return [undefined, undefined];
}

/** It is kept as long as the connection: made of a text of its own, since a part of a string keeps the whole alive. */
function withoutTokens(query: URLSearchParams): URLSearchParams {
  if (!query.has('token') && !query.has('access_token')) return query;
  const others = new URLSearchParams(query);
  others.delete('token');
  others.delete('access_token');
  return others.size === 0 ? NO_QUERY : new URLSearchParams(others.toString());
}

function subprotocols(request: IncomingMessage): string[] {
  const header = request.headers['sec-websocket-protocol'] ?? '';
  return header.split(',').map((protocol) => protocol.trim());
}

function split(target: string): [path: string, search: string] {
  const end = target.indexOf('?');
  return end < 0 ? [target, ''] : [target.slice(0, end), target.slice(end + 1)];
}

function isDecodable(target: string): boolean {
  try {
    decodeURI(target);
    return true;
  } catch {
    return false;
  }
}
