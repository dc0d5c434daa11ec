import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiForbiddenResponse, ApiSecurity } from '@nestjs/swagger';
import type { Principal } from '../common/principal.js';
import type { Role } from '../common/roles.js';

export const PUBLIC = 'parlance:public';
export const USER_EMAIL = 'parlance:user-email';
export const ROLES_ALLOWED = 'parlance:roles';

/** A route that needs no credentials. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PUBLIC, true), ApiSecurity({}));

/** A route that also believes a `User-Email` header, as `HEADER_AUTH` allows it (`channels.md`). */
export const AllowUserEmail = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(USER_EMAIL, true), ApiSecurity('bearer'), ApiSecurity('userEmail'));

/** A route, or a gateway's handler, for users of these roles only. */
export const Roles = (...roles: Role[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(ROLES_ALLOWED, roles),
    ApiForbiddenResponse({ description: `For users of the roles ${roles.join(', ')}` }),
  );

/** Who is asking, in a controller's handler. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal =>
    context.switchToHttp().getRequest<{ principal: Principal }>().principal,
);
