import { describe, expect, it } from 'vitest';
import { Environment } from '../config/env.js';
import { AuthSettings, HttpSettings } from '../config/settings.js';
import { HeaderAuth } from './header-auth.js';

function headerAuth(values: Record<string, string>): HeaderAuth {
  const env = new Environment(values);
  return new HeaderAuth(new AuthSettings(env), new HttpSettings(env));
}

describe('HeaderAuth', () => {
  it('believes nobody when it is off', () => {
    expect(headerAuth({ HEADER_AUTH: 'off' }).believes('127.0.0.1')).toBe(false);
  });

  it('is off in production unless it is set', () => {
    const production = headerAuth({ NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(32) });
    expect(production.believes('127.0.0.1')).toBe(false);
  });

  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('believes the loopback peer %s in dev', (peer) => {
    expect(headerAuth({ HEADER_AUTH: 'dev' }).believes(peer)).toBe(true);
  });

  it.each(['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', 'localhost', ''])('does not believe %j in dev', (peer) => {
    expect(headerAuth({ HEADER_AUTH: 'dev' }).believes(peer)).toBe(false);
  });

  it.each(['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', '2001:db8::99'])('believes the trusted proxy %s', (peer) => {
    const trusting = headerAuth({ HEADER_AUTH: 'trusted', TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7, 2001:db8::/32' });
    expect(trusting.believes(peer)).toBe(true);
  });

  it.each(['11.0.0.1', '192.0.2.8', '127.0.0.1', '::1', '2001:db9::1'])('does not trust %s as a proxy', (peer) => {
    const trusting = headerAuth({ HEADER_AUTH: 'trusted', TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7, 2001:db8::/32' });
    expect(trusting.believes(peer)).toBe(false);
  });
});
