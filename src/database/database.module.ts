import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseSettings } from '../config/settings.js';
import { DatabaseConnection } from './connection.js';
import { prepareDatabase } from './prepare.js';
import { PreparedStatements } from './prepared.js';
import { DatabaseProbe } from './probe.js';
import { UnitOfWork } from './unit-of-work.js';

@Module({
  providers: [
    {
      provide: DatabaseConnection,
      inject: [DatabaseSettings],
      useFactory: (settings: DatabaseSettings) => DatabaseConnection.open(settings),
    },
  ],
  exports: [DatabaseConnection],
})
class ConnectionModule implements OnApplicationShutdown {
  constructor(@Inject(DatabaseConnection) private readonly connection: DatabaseConnection) {}

  async onApplicationShutdown(): Promise<void> {
    await this.connection.release();
  }
}

/** The database, its schema up to date, the two ways to use it beside repositories, and whether it answers. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      imports: [ConnectionModule],
      inject: [DatabaseConnection, DatabaseSettings],
      useFactory: async (connection: DatabaseConnection, settings: DatabaseSettings) => {
        await prepareDatabase(connection, settings);
        return { ...connection.options, autoLoadEntities: true, retryAttempts: 0 };
      },
    }),
  ],
  providers: [UnitOfWork, PreparedStatements, DatabaseProbe],
  exports: [UnitOfWork, PreparedStatements, DatabaseProbe],
})
export class DatabaseModule {}
