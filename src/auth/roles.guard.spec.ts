import 'reflect-metadata';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from 'vitest';
import type { Role } from '../common/roles.js';
import { Roles } from './access.js';
import { RolesGuard } from './roles.guard.js';

class Handlers {}
const forAll = () => {};
const forHosts = () => {};
Roles('host', 'admin')(forHosts);

function contextOf(type: 'http' | 'ws', handler: () => void, role: Role): ExecutionContext {
  const context = new ExecutionContextHost([{ principal: { role } }], Handlers, handler);
  context.setType(type);
  return context;
}

describe.each(['http', 'ws'] as const)('RolesGuard in a context of type %s', (type) => {
  const guard = new RolesGuard(new Reflector());

  it.each(['host', 'admin'] as const)('lets the role %s in where it is named', (role) => {
    expect(guard.canActivate(contextOf(type, forHosts, role))).toBe(true);
  });

  it('refuses a role that is not named', () => {
    expect(() => guard.canActivate(contextOf(type, forHosts, 'member'))).toThrow('needs the role host or admin');
  });

  it('lets every role in where none is named', () => {
    expect(guard.canActivate(contextOf(type, forAll, 'member'))).toBe(true);
  });
});
