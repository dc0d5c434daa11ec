import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Environment } from './env.js';
import { SETTINGS } from './settings.js';

/** The settings, one injectable class per concern, and the environment that they are read from. */
@Global()
@Module({
  providers: SETTINGS.map((settings) => ({
    provide: settings,
    inject: [Environment],
    useFactory: (env: Environment) => new settings(env),
  })),
  exports: [...SETTINGS],
})
export class ConfigModule {
  static of(env: Environment): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: Environment, useValue: env }], exports: [Environment] };
  }
}
