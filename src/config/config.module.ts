import { Global, Module } from '@nestjs/common';
import { Environment, processEnvironment } from './env.js';
import { SETTINGS } from './settings.js';

/** The settings, one injectable class per concern. Tests override `Environment`. */
@Global()
@Module({
  providers: [
    { provide: Environment, useFactory: processEnvironment },
    ...SETTINGS.map((settings) => ({
      provide: settings,
      inject: [Environment],
      useFactory: (env: Environment) => new settings(env),
    })),
  ],
  exports: [...SETTINGS],
})
export class ConfigModule {}
