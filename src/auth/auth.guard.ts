import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../common/principal.js';
import type { Selective } from '../common/selective.js';
import { Authenticator } from '../realtime/ports.js';
import { PUBLIC, USER_EMAIL } from './access.js';

/** Every route needs credentials unless it is `@Public`. Sockets have been authenticated before their upgrade. */
@Injectable()
export class AuthGuard implements CanActivate, Selective {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http' || this.isMarked(PUBLIC, context)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & { principal: Principal }>();
    request.principal = await this.authenticator.authenticate({
      bearer: bearerIn(request.headers.authorization),
      userEmail: this.isMarked(USER_EMAIL, context) ? (request.raw.headersDistinct['user-email'] ?? []) : [],
      peerAddress: request.raw.socket.remoteAddress ?? '',
    });
    return true;
  }

  /** Sockets have been authenticated before their upgrade: no frame needs this. */
  isFor(): boolean {
    return false;
  }

  private isMarked(mark: string, context: ExecutionContext): boolean {
    return (
      this.reflector.getAllAndOverride<boolean | undefined>(mark, [context.getHandler(), context.getClass()]) === true
    );
  }
}

/** The token of an `Authorization` header; one of another scheme is a token that is no good, not the absence of one. */
function bearerIn(header: string | undefined): string | undefined {
  return header === undefined ? undefined : (/^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '');
}
