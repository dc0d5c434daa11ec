import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { forbidden } from '../common/errors.js';
import type { Principal } from '../common/principal.js';
import type { Role } from '../common/roles.js';
import type { Selective } from '../common/selective.js';
import { ROLES_ALLOWED } from './access.js';

/** Lets the roles in that `@Roles` names, on routes and on gateways' handlers. Runs after the principal is known. */
@Injectable()
export class RolesGuard implements CanActivate, Selective {
  constructor(private readonly reflector: Reflector) {}

  /** A frame passes it where its handler, or the gateway, names roles. */
  isFor(handler: object, gateway: object): boolean {
    return [handler, gateway].some((target) => Reflect.hasMetadata(ROLES_ALLOWED, target));
  }

  canActivate(context: ExecutionContext): boolean {
    const allowed = this.reflector.getAllAndOverride<Role[] | undefined>(ROLES_ALLOWED, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!allowed || allowed.includes(principalIn(context).role)) return true;
    throw forbidden(`That needs the role ${allowed.join(' or ')}`);
  }
}

function principalIn(context: ExecutionContext): Principal {
  return context.getType() === 'ws'
    ? context.switchToWs().getClient<{ principal: Principal }>().principal
    : context.switchToHttp().getRequest<{ principal: Principal }>().principal;
}
