import { Injectable } from '@nestjs/common';
import { HttpSettings } from '../config/settings.js';

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** From which web pages a browser may connect: a page elsewhere must not use its visitor's standing here. */
@Injectable()
export class Origins {
  constructor(private readonly settings: HttpSettings) {}

  /** No origin: not a browser. Otherwise the server's own host, one that is listed or, while developing, this machine. */
  allows(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true;
    if (this.settings.allowedOrigins.includes(origin)) return true;
    if (!this.settings.production && LOOPBACK.test(origin)) return true;
    return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
  }
}
