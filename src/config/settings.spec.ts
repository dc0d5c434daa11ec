import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Environment, SettingError } from './env.js';
import {
  AuthSettings,
  DatabaseSettings,
  HttpSettings,
  MessagingSettings,
  RealtimeSettings,
  SETTINGS,
  TracingSettings,
} from './settings.js';

const build = (values: Record<string, string>) => {
  const env = new Environment(values);
  return SETTINGS.map((Settings) => new Settings(env));
};

/** Why the settings cannot be used. */
function refusalOf(values: Record<string, string>): string {
  try {
    build(values);
  } catch (error) {
    if (error instanceof SettingError) return error.message;
    throw error;
  }
  return 'none';
}

/** `NAME=value` of each setting in `.env.example`, those that are commented out too. */
const EXAMPLE = [...readFileSync('.env.example', 'utf8').matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm)].map(
  ([, name = '', value = '']) => [name, value] as const,
);

describe('.env.example', () => {
  it('lists each setting once, and no other', () => {
    const env = new Environment({});
    for (const Settings of SETTINGS) Reflect.construct(Settings, [env]);
    expect(EXAMPLE.map(([name]) => name).toSorted()).toEqual([...env.known].toSorted());
  });

  it('shows values that can be used, and the defaults where it says so', () => {
    expect(refusalOf(Object.fromEntries(EXAMPLE))).toBe('none');
    const shown = Object.fromEntries(EXAMPLE);
    for (const name of ['PORT', 'ALLOWED_ORIGINS', 'TRUSTED_PROXIES', 'DATABASE_URL', 'REDIS_URL', 'JWT_JWKS_URI'])
      delete shown[name];
    for (const name of Object.keys(shown)) if (name.startsWith('OTEL_')) delete shown[name];
    expect(build(shown)).toEqual(build({}));
  });
});

describe('settings', () => {
  it('serve the three ports of the documents when asked to', () => {
    expect(new HttpSettings(new Environment({ PORT: '8000, 8080,3000' })).ports).toEqual([8000, 8080, 3000]);
  });

  it('take what is empty for unset', () => {
    expect(new DatabaseSettings(new Environment({ DATABASE_URL: ' ', DATA_DIR: '' }))).toEqual({
      url: undefined,
      dataDir: './data',
      poolSize: 1,
      durability: 'required',
    });
  });

  it('give the embedded database its one connection, whatever the pool of a server may be', () => {
    const server = { DATABASE_URL: 'postgres://db/x' };
    expect(new DatabaseSettings(new Environment({ DATABASE_POOL_SIZE: '20' })).poolSize).toBe(1);
    expect(new DatabaseSettings(new Environment({ ...server, DATABASE_POOL_SIZE: '20' })).poolSize).toBe(20);
    expect(new DatabaseSettings(new Environment(server)).poolSize).toBe(10);
  });

  it('believe a User-Email header of this machine while developing, and of nobody in production', () => {
    const production = { NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(32) };
    expect(new AuthSettings(new Environment({})).headerAuth).toBe('dev');
    expect(new AuthSettings(new Environment(production)).headerAuth).toBe('off');
  });

  it('need no secret in production where only tokens of another issuer are taken', () => {
    const uri = 'https://id.example.com/keys';
    const settings = new AuthSettings(new Environment({ NODE_ENV: 'production', JWT_JWKS_URI: uri }));
    expect(settings).toMatchObject({ jwtSecret: undefined, jwksUri: new URL(uri), issuesTokens: false });
    expect(new AuthSettings(new Environment({ JWT_JWKS_URI: uri, JWT_SECRET: 'x' })).issuesTokens).toBe(true);
    expect(new AuthSettings(new Environment({})).issuesTokens).toBe(true);
  });

  it('follow messages where a collector is named, in the way that OpenTelemetry has for everyone', () => {
    const urlOf = (values: Record<string, string>) => new TracingSettings(new Environment(values)).url;
    const traces = 'http://other:4318/here';
    expect(urlOf({})).toBeUndefined();
    expect(urlOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/' })).toBe('http://otel:4318/v1/traces');
    expect(urlOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces })).toBe(
      traces,
    );
  });

  it('have the defaults of the contract', () => {
    expect(new MessagingSettings(new Environment({}))).toEqual({
      channelAutocreate: true,
      maxMessageLength: 4000,
      resumeLimit: 1000,
    });
    expect(new RealtimeSettings(new Environment({}))).toEqual({
      maxFrameBytes: 65536,
      rateLimits: true,
      maxConnectionsPerUser: 50,
      sendBufferBytes: 1024 * 1024,
      heartbeatInterval: 25_000,
      presenceGrace: 2_000,
    });
  });

  it.each([
    [{ PORT: '80000' }, 'PORT must be a whole number from 0 to 65535, not "80000"'],
    [{ PORT: '8000,http' }, 'PORT must be a whole number from 0 to 65535, not "http"'],
    [{ PORT: ',' }, 'PORT must name at least one port'],
    [{ ALLOWED_ORIGINS: 'chat.example.com' }, /^ALLOWED_ORIGINS must be origins such as /],
    [{ ALLOWED_ORIGINS: 'https://chat.example.com/' }, /^ALLOWED_ORIGINS must be origins such as /],
    [{ TRUSTED_PROXIES: 'proxy' }, /^TRUSTED_PROXIES must be addresses or networks such as /],
    [{ SHUTDOWN_GRACE: '10' }, 'SHUTDOWN_GRACE must be a time such as 25s, 15m or 30d, not "10"'],
    [{ SHUTDOWN_GRACE: '0s' }, 'SHUTDOWN_GRACE must be a time such as 25s, 15m or 30d, not "0s"'],
    [{ HEARTBEAT_INTERVAL: '25d' }, 'HEARTBEAT_INTERVAL must be at most 24d, not "25d"'],
    [{ DATABASE_URL: 'mysql://localhost' }, 'DATABASE_URL must be the address of a PostgreSQL database, postgres://…'],
    [{ DATABASE_POOL_SIZE: '0' }, 'DATABASE_POOL_SIZE must be a whole number from 1 to 1000, not "0"'],
    [{ DATABASE_DURABILITY: 'off' }, 'DATABASE_DURABILITY must be required or relaxed, not "off"'],
    [{ NODE_ENV: 'production', JWT_SECRET: 'short' }, 'JWT_SECRET must have at least 32 characters'],
    [{ NODE_ENV: 'production' }, 'JWT_SECRET is required in production'],
    [{ JWT_JWKS_URI: 'id.example.com' }, 'JWT_JWKS_URI must be the address of a JSON Web Key Set, https://…'],
    [
      { NODE_ENV: 'production', JWT_JWKS_URI: 'http://id.example.com/keys' },
      'JWT_JWKS_URI must begin with https:// in production',
    ],
    [{ HEADER_AUTH: 'on' }, 'HEADER_AUTH must be off or dev or trusted, not "on"'],
    [{ HEADER_AUTH: 'trusted' }, 'HEADER_AUTH trusted needs TRUSTED_PROXIES to name the proxies'],
    [{ SELF_SERVICE_ROLES: 'member,admin' }, /^SELF_SERVICE_ROLES must be member or .*, not "admin"$/],
    [{ CHANNEL_AUTOCREATE: 'yes' }, 'CHANNEL_AUTOCREATE must be true or false, not "yes"'],
    [{ MAX_MESSAGE_LENGTH: '0' }, 'MAX_MESSAGE_LENGTH must be a whole number from 1 to 60000, not "0"'],
    [{ RATE_LIMITS: 'true' }, 'RATE_LIMITS must be on or off, not "true"'],
    [
      { NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(32), METRICS_TOKEN: 'short' },
      /^METRICS_TOKEN must have at least 32/,
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'otel:4318' }, /^OTEL_EXPORTER_OTLP_ENDPOINT must be the address of a collector/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be fatal or .*, not "loud"$/],
  ])('refuse %j in one line that names the setting', (values, expected) => {
    expect(refusalOf(values)).toMatch(expected);
    expect(refusalOf(values)).not.toContain('\n');
  });

  it('never repeat a secret', () => {
    expect(refusalOf({ NODE_ENV: 'production', JWT_SECRET: 'hunter2' })).not.toContain('hunter2');
    expect(refusalOf({ DATABASE_URL: 'postgress://me:hunter2@db/x' })).not.toContain('hunter2');
  });
});
