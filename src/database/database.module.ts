import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseSettings } from '../config/settings.js';
import { DatabaseConnection, type Migration } from './connection.js';
import { prepareDatabase } from './prepare.js';
import { PreparedStatements } from './prepared.js';
import { DatabaseProbe } from './probe.js';
import { UnitOfWork } from './unit-of-work.js';

@Module({})
class ConnectionModule implements OnApplicationShutdown {
  constructor(@Inject(DatabaseConnection) private readonly connection: DatabaseConnection) {}

  static of(migrations: readonly Migration[]): DynamicModule {
    const connection = {
      provide: DatabaseConnection,
      inject: [DatabaseSettings],
      useFactory: (settings: DatabaseSettings) => DatabaseConnection.open(settings, migrations),
    };
    return { module: ConnectionModule, providers: [connection], exports: [DatabaseConnection] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection.release();
  }
}

/** The database, its schema up to date, the two ways to use it beside repositories, and whether it answers. */
@Global()
@Module({
  providers: [UnitOfWork, PreparedStatements, DatabaseProbe],
  exports: [UnitOfWork, PreparedStatements, DatabaseProbe],
})
export class DatabaseModule {
  /** @param migrations of features outside this tree */
  static of(migrations: readonly Migration[]): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          imports: [ConnectionModule.of(migrations)],
          inject: [DatabaseConnection, DatabaseSettings],
          useFactory: async (connection: DatabaseConnection, settings: DatabaseSettings) => {
            await prepareDatabase(connection, settings);
            return { ...connection.options, autoLoadEntities: true, retryAttempts: 0 };
          },
        }),
      ],
    };
  }
}
