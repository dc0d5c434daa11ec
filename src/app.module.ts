import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AdminModule } from './admin/admin.module.js';
import { AuthModule } from './auth/auth.module.js';
import { CheckInsModule } from './check-ins/check-ins.module.js';
import { ErrorFilter } from './common/http/error.filter.js';
import { RequestValidationPipe } from './common/http/validation.pipe.js';
import { ConfigModule } from './config/config.module.js';
import type { Environment } from './config/env.js';
import { ConsoleModule } from './console/console.module.js';
import { ConversationsModule } from './conversations/conversations.module.js';
import type { Migration } from './database/connection.js';
import { DatabaseModule } from './database/database.module.js';
import { ChannelsModule } from './dialects/channels/channels.module.js';
import { DashboardModule } from './dialects/dashboard/dashboard.module.js';
import { FlatModule } from './dialects/flat/flat.module.js';
import { PetsDialectModule } from './dialects/pets/pets.module.js';
import { SocketIoModule } from './dialects/socketio/socketio.module.js';
import { TribeModule } from './dialects/tribe/tribe.module.js';
import { DocsModule } from './docs/docs.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpListeners } from './http-listeners.js';
import { JournalModule } from './journal/journal.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { PetsModule } from './pets/pets.module.js';
import { PresenceModule } from './presence/presence.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { TracingModule } from './tracing/tracing.module.js';
import { UsageModule } from './usage/usage.module.js';
import { UsersModule } from './users/users.module.js';

/** What a program outside this tree adds to the server. */
export interface Additions {
  /** The modules of its features and dialects. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  /** What its features need of the schema; run with ours at the start, in the order of the times in their names. */
  readonly migrations?: readonly Migration[];
}

/** The list of rooms. */
@Module({
  imports: [
    RealtimeModule,
    TracingModule,
    JournalModule,
    AuthModule,
    UsersModule,
    ConversationsModule,
    MessagesModule,
    PresenceModule,
    NotificationsModule,
    CheckInsModule,
    PetsModule,
    AdminModule,
    UsageModule,
    FlatModule,
    DashboardModule,
    TribeModule,
    PetsDialectModule,
    ChannelsModule,
    SocketIoModule,
    HealthModule,
    MetricsModule,
    ConsoleModule,
    DocsModule,
  ],
  providers: [
    HttpListeners,
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: APP_PIPE, useClass: RequestValidationPipe },
  ],
})
export class AppModule {
  /** The rooms on the ground that `env` names, with those that are added. */
  static of(env: Environment, { imports = [], migrations = [] }: Additions): DynamicModule {
    return { module: AppModule, imports: [ConfigModule.of(env), DatabaseModule.of(migrations), ...imports] };
  }
}
