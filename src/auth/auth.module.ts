import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { ThrottlerModule } from '@nestjs/throttler';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthSettings, DatabaseSettings, RealtimeSettings } from '../config/settings.js';
import { Authenticator } from '../realtime/ports.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens } from './access-tokens.js';
import { AuthController } from './auth.controller.js';
import { AuthGuard } from './auth.guard.js';
import { AuthService } from './auth.service.js';
import { throttlerOptions } from './auth.throttler.js';
import { DatabaseAuthenticator } from './authenticator.js';
import { ForeignTokens } from './foreign-tokens.js';
import { HeaderAuth } from './header-auth.js';
import { jwtOptions } from './jwt-options.js';
import { LoginEntity } from './login.entity.js';
import { LoginsRepository } from './logins.repository.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';
import { RolesGuard } from './roles.guard.js';
import { SharedThrottlerStorage } from './shared-throttler.storage.js';

@Module({ providers: [SharedThrottlerStorage], exports: [SharedThrottlerStorage] })
class ThrottlerStorageModule {}

/** Who is asking: logins, tokens, and the guards that every route passes. */
@Global()
@Module({
  imports: [
    UsersModule,
    TypeOrmModule.forFeature([LoginEntity, RefreshTokenEntity]),
    JwtModule.registerAsync({
      inject: [AuthSettings, DatabaseSettings],
      useFactory: (settings: AuthSettings, { dataDir }: DatabaseSettings) => jwtOptions(settings, dataDir),
    }),
    ThrottlerModule.forRootAsync({
      imports: [ThrottlerStorageModule],
      inject: [RealtimeSettings, SharedThrottlerStorage],
      useFactory: ({ rateLimits }: RealtimeSettings, storage: SharedThrottlerStorage) =>
        throttlerOptions(rateLimits, storage),
    }),
  ],
  controllers: [AuthController],
  providers: [
    AuthService,
    LoginsRepository,
    AccessTokens,
    ForeignTokens,
    HeaderAuth,
    { provide: Authenticator, useClass: DatabaseAuthenticator },
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_GUARD, useClass: RolesGuard },
  ],
  exports: [Authenticator],
})
export class AuthModule {}
