import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { AdminController } from './admin.controller.js';
import { EventLoop } from './event-loop.js';
import { LiveConnectionsService } from './live-connections.service.js';
import { NodesService } from './nodes.service.js';

/** What admins see of the running nodes, and may end. */
@Module({
  imports: [UsersModule],
  controllers: [AdminController],
  providers: [LiveConnectionsService, NodesService, EventLoop],
})
export class AdminModule {}
