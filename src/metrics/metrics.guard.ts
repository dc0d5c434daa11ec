import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { createHash, timingSafeEqual } from 'node:crypto';
import { forbidden, unauthenticated } from '../common/errors.js';
import { MetricsSettings } from '../config/settings.js';

/** Lets in who has the token of `METRICS_TOKEN`; without that setting, this machine, and in production nobody. */
@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(private readonly settings: MetricsSettings) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers, raw } = context.switchToHttp().getRequest<FastifyRequest>();
    const { token, openToThisMachine } = this.settings;
    if (token === undefined) {
      if (openToThisMachine && isLoopback(raw.socket.remoteAddress ?? '')) return true;
      throw forbidden('Metrics are not open: METRICS_TOKEN is not set');
    }
    if (!isSame(headers.authorization ?? '', `Bearer ${token}`)) throw unauthenticated();
    return true;
  }
}

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

/** In a time that does not tell where they differ. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
