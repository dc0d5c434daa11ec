import { Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { CurrentUser, Roles } from '../auth/access.js';
import { Operation } from '../common/http/operation.js';
import { PageQuery } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { ConnectionsQuery } from './admin.dto.js';
import { ConnectionBody, ConnectionsBody, DisconnectedBody, NodesBody } from './admin.presenter.js';
import { LiveConnectionsService } from './live-connections.service.js';
import { NodesService } from './nodes.service.js';

const NO_ANSWER = 'A node that may have it does not answer';

/** What admins see of the running nodes, and may end. Disabling a user is `PATCH /users/:id`. */
@Controller('admin')
@Roles('admin')
export class AdminController {
  constructor(
    private readonly connections: LiveConnectionsService,
    private readonly nodes: NodesService,
  ) {}

  @Get('connections')
  @Operation('The open connections of all nodes, the oldest first', { 200: ConnectionsBody })
  list(@CurrentUser() me: Principal, @Query() query: ConnectionsQuery): Promise<ConnectionsBody> {
    return this.connections.list(me, query);
  }

  @Get('connections/:id')
  @Operation('An open connection', { 200: ConnectionBody, 503: NO_ANSWER })
  get(@CurrentUser() me: Principal, @Param('id') id: string): Promise<ConnectionBody> {
    return this.connections.get(me, id);
  }

  @Delete('connections/:id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Operation('Disconnect one connection, with close code 1008', { 204: null, 503: NO_ANSWER })
  end(@CurrentUser() me: Principal, @Param('id') id: string): Promise<void> {
    return this.connections.end(me, id);
  }

  @Post('users/:id/disconnect')
  @HttpCode(HttpStatus.OK)
  @Operation('Disconnect a user everywhere, with close code 1008; who is not to come back is disabled instead', {
    200: DisconnectedBody,
  })
  endAll(@CurrentUser() me: Principal, @Param('id') id: string): Promise<DisconnectedBody> {
    return this.connections.endAll(me, id);
  }

  @Get('nodes')
  @Operation('The nodes, and how they are', { 200: NodesBody })
  listNodes(@CurrentUser() me: Principal, @Query() query: PageQuery): Promise<NodesBody> {
    return this.nodes.list(me, query);
  }
}
