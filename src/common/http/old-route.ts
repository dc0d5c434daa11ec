import { RouteConfig } from '@nestjs/platform-fastify';

/** A route that clients in the field use, and that another one does as well: who still uses it is counted (`usage/`). */
export const OldRoute = (way: string): MethodDecorator => RouteConfig({ way });
