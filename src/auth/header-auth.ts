import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { AuthSettings, HttpSettings } from '../config/settings.js';

/** Whose `User-Email` header is believed, as `HEADER_AUTH` says. */
@Injectable()
export class HeaderAuth {
  constructor(
    private readonly auth: AuthSettings,
    private readonly http: HttpSettings,
  ) {}

  /** @param peerAddress of the TCP connection, never of a forwarding header */
  believes(peerAddress: string): boolean {
    if (this.auth.headerAuth === 'off' || !ipaddr.isValid(peerAddress)) return false;
    const peer = ipaddr.process(peerAddress); // an IPv4 peer of a dual-stack socket looks like ::ffff:127.0.0.1
    if (this.auth.headerAuth === 'dev') return peer.range() === 'loopback';
    return this.http.trustedProxies.some(
      ([address, bits]) => address.kind() === peer.kind() && peer.match(address, bits),
    );
  }
}
