import type { Environment } from './env.js';
import {
  boolean,
  duration,
  integer,
  list,
  network,
  type Network,
  onOff,
  oneOf,
  origin,
  postgresUrl,
  redisUrl,
  text,
  timerDuration,
} from './parsers.js';
import { SettingError } from './env.js';
import { ROLES, type Role } from '../common/roles.js';

/** Where the server listens, whom it believes and how it leaves. */
export class HttpSettings {
  /** TCP ports, one or more; 0 lets the system choose. */
  readonly ports: readonly number[];
  readonly host: string;
  /** Origins, beside the server's own, from which a browser may use it. */
  readonly allowedOrigins: readonly string[];
  /** The proxies whose forwarding headers, and `User-Email`, are believed. */
  readonly trustedProxies: readonly Network[];
  /** Milliseconds from the signal to stop until what is left is cut off. */
  readonly shutdownGrace: number;
  readonly production: boolean;

  constructor(env: Environment) {
    this.ports = env.read('PORT', list(integer(0, 65535)), '8000');
    if (this.ports.length === 0) throw new SettingError('PORT', 'must name at least one port');
    this.host = env.read('HOST', text, '0.0.0.0');
    this.allowedOrigins = env.read('ALLOWED_ORIGINS', list(origin), '');
    this.trustedProxies = env.read('TRUSTED_PROXIES', list(network), '');
    this.shutdownGrace = env.read('SHUTDOWN_GRACE', timerDuration, '10s');
    this.production = env.production;
  }
}

/** Which database: PostgreSQL at an address, or the embedded one under a directory. */
export class DatabaseSettings {
  readonly url: string | undefined;
  readonly dataDir: string;
  /** Connections to the server at most; the embedded database is one session, and has one. */
  readonly poolSize: number;
  /** Whether a server that may lose what it has committed is refused. */
  readonly durability: 'required' | 'relaxed';

  constructor(env: Environment) {
    this.url = env.optional('DATABASE_URL', postgresUrl);
    this.dataDir = env.read('DATA_DIR', text, './data');
    const poolSize = env.read('DATABASE_POOL_SIZE', integer(1, 1_000), '10');
    this.poolSize = this.url === undefined ? 1 : poolSize;
    this.durability = env.read('DATABASE_DURABILITY', oneOf('required', 'relaxed'), 'required');
  }
}

/** Whether there are other nodes, and what carries events between them. */
export class BusSettings {
  /** A Redis server, the same for all nodes of a database. Unset: this is the only node. */
  readonly redisUrl: string | undefined;

  constructor(env: Environment) {
    this.redisUrl = env.optional('REDIS_URL', redisUrl);
  }
}

/** How users prove who they are. */
export class AuthSettings {
  /** The key that signs access tokens. Unset, with `issuesTokens` (outside production only): one is kept under `DATA_DIR`. */
  readonly jwtSecret: string | undefined;
  /** Where another issuer publishes the keys that its tokens are signed by. Unset: only our own tokens are good. */
  readonly jwksUri: URL | undefined;
  /** Whether users sign in here: not where the other issuer's tokens are all there is. */
  readonly issuesTokens: boolean;
  /** Whom tokens name as their issuer and their audience, ours and the other issuer's. */
  readonly jwtIssuer: string;
  readonly jwtAudience: string;
  /** Milliseconds. */
  readonly accessTokenTtl: number;
  /** Milliseconds. */
  readonly refreshTokenTtl: number;
  /** Whose `User-Email` header is believed: nobody's, a loopback peer's, a trusted proxy's. */
  readonly headerAuth: 'off' | 'dev' | 'trusted';
  /** The roles one may choose for oneself at registration; never `admin`. */
  readonly selfServiceRoles: readonly Role[];

  constructor(env: Environment) {
    this.jwtSecret = env.optional('JWT_SECRET', env.production ? secret : text);
    this.jwksUri = env.optional('JWT_JWKS_URI', env.production ? safeKeySetUrl : keySetUrl);
    this.issuesTokens = this.jwtSecret !== undefined || this.jwksUri === undefined;
    this.jwtIssuer = env.read('JWT_ISSUER', text, 'parlance');
    this.jwtAudience = env.read('JWT_AUDIENCE', text, 'parlance');
    this.accessTokenTtl = env.read('ACCESS_TOKEN_TTL', duration, '15m');
    this.refreshTokenTtl = env.read('REFRESH_TOKEN_TTL', duration, '30d');
    this.headerAuth = env.read('HEADER_AUTH', oneOf('off', 'dev', 'trusted'), env.production ? 'off' : 'dev');
    this.selfServiceRoles = env.read('SELF_SERVICE_ROLES', list(selfServiceRole), 'member,client,provider,host');
    if (env.production && this.issuesTokens && !this.jwtSecret) {
      throw new SettingError('JWT_SECRET', 'is required in production');
    }
    if (this.headerAuth === 'trusted' && !env.optional('TRUSTED_PROXIES', text)) {
      throw new SettingError('HEADER_AUTH', 'trusted needs TRUSTED_PROXIES to name the proxies');
    }
  }
}

/** The bounds of conversations and messages. */
export class MessagingSettings {
  /** Whether joining or posting to an unknown slug makes the channel. */
  readonly channelAutocreate: boolean;
  /** Characters (Unicode code points) of a message's content. */
  readonly maxMessageLength: number;
  /** Changes that are replayed to a connection that resumes; where there are more, none is. */
  readonly resumeLimit: number;

  constructor(env: Environment) {
    this.channelAutocreate = env.read('CHANNEL_AUTOCREATE', boolean, 'true');
    this.maxMessageLength = env.read('MAX_MESSAGE_LENGTH', integer(1, 60_000), '4000');
    this.resumeLimit = env.read('RESUME_LIMIT', integer(0, 100_000), '1000');
  }
}

/** The bounds of live connections. */
export class RealtimeSettings {
  /** Bytes of a client's frame; a larger one closes with 1009. */
  readonly maxFrameBytes: number;
  /** Whether requests and frames are limited in rate; off for measuring. */
  readonly rateLimits: boolean;
  readonly maxConnectionsPerUser: number;
  /** Bytes that may wait for a reader; one that leaves more is disconnected with 1013. */
  readonly sendBufferBytes: number;
  /** Milliseconds between pings; a peer that has not answered by the next one is gone. */
  readonly heartbeatInterval: number;
  /** Milliseconds after a user's last connection ended until that is told. */
  readonly presenceGrace: number;

  constructor(env: Environment) {
    this.maxFrameBytes = env.read('MAX_FRAME_BYTES', integer(1024, 16 * 1024 * 1024), '65536');
    this.rateLimits = env.read('RATE_LIMITS', onOff, 'on');
    this.maxConnectionsPerUser = env.read('MAX_CONNECTIONS_PER_USER', integer(1), '50');
    this.sendBufferBytes = env.read('SEND_BUFFER_BYTES', integer(1024), '1048576');
    this.heartbeatInterval = env.read('HEARTBEAT_INTERVAL', timerDuration, '25s');
    this.presenceGrace = env.read('PRESENCE_GRACE', timerDuration, '2s');
  }
}

/** Who may read the metrics. */
export class MetricsSettings {
  /** What readers authenticate with, as a bearer token. */
  readonly token: string | undefined;
  /** Whether, without a token, they are open to whoever asks from this machine. */
  readonly openToThisMachine: boolean;

  constructor(env: Environment) {
    this.token = env.optional('METRICS_TOKEN', env.production ? secret : text);
    this.openToThisMachine = !env.production;
  }
}

/** Whether messages are followed by traces. The rest of OpenTelemetry's own variables its library reads itself. */
export class TracingSettings {
  /** Where a collector takes traces by OTLP over HTTP. Unset: there are none. */
  readonly url: string | undefined;

  constructor(env: Environment) {
    const collector = env.optional('OTEL_EXPORTER_OTLP_ENDPOINT', httpUrl);
    const traces = env.optional('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', httpUrl);
    this.url = traces ?? (collector && `${collector.replace(/\/$/, '')}/v1/traces`);
  }
}

/** What the server writes of itself. */
export class LogSettings {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

  constructor(env: Environment) {
    this.level = env.read('LOG_LEVEL', oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'info');
  }
}

/** Every class of settings, each built from the environment alone. */
export const SETTINGS = [
  HttpSettings,
  DatabaseSettings,
  BusSettings,
  AuthSettings,
  MessagingSettings,
  RealtimeSettings,
  MetricsSettings,
  TracingSettings,
  LogSettings,
] as const;

function secret(value: string): string {
  if (value.length < 32) throw new Error('must have at least 32 characters');
  return value;
}

function httpUrl(value: string): string {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value))
    throw new Error('must be the address of a collector, http://…');
  return value;
}

function keySetUrl(value: string): URL {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) {
    throw new Error('must be the address of a JSON Web Key Set, https://…');
  }
  return new URL(value);
}

/** Whoever is on the way of plain HTTP could put in a key, and be anyone: only this machine's is taken so. */
function safeKeySetUrl(value: string): URL {
  const url = keySetUrl(value);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) throw new Error('must begin with https:// in production');
  return url;
}

function selfServiceRole(value: string): Role {
  return oneOf(...ROLES.filter((role) => role !== 'admin'))(value);
}
