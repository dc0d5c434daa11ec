import { Body, Controller, Get, HttpCode, HttpStatus, Post, UseGuards } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { Operation } from '../common/http/operation.js';
import type { Principal } from '../common/principal.js';
import { OwnUserBody, presentOwnUser } from '../users/users.presenter.js';
import { UsersService } from '../users/users.service.js';
import { CurrentUser, Public } from './access.js';
import { LoginDto, RefreshDto, RegisterDto } from './auth.dto.js';
import { presentSession, SessionBody } from './auth.presenter.js';
import { AuthService } from './auth.service.js';
import { AuthThrottlerGuard, PER_ACCOUNT } from './auth.throttler.js';

const ELSEWHERE = 'Users sign in with another issuer only';

@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
  ) {}

  @Public()
  @UseGuards(AuthThrottlerGuard)
  @SkipThrottle({ [PER_ACCOUNT]: true })
  @Post('register')
  @Operation('Register, and sign in', {
    201: SessionBody,
    403: ELSEWHERE,
    409: 'The e-mail address or username is taken',
  })
  async register(@Body() registration: RegisterDto): Promise<SessionBody> {
    return presentSession(await this.auth.register(registration));
  }

  @Public()
  @UseGuards(AuthThrottlerGuard)
  @HttpCode(HttpStatus.OK)
  @Post('login')
  @Operation('Sign in', { 200: SessionBody, 401: 'The e-mail address or the password is wrong', 403: ELSEWHERE })
  async login(@Body() credentials: LoginDto): Promise<SessionBody> {
    return presentSession(await this.auth.login(credentials));
  }

  @Public()
  @UseGuards(AuthThrottlerGuard)
  @SkipThrottle({ [PER_ACCOUNT]: true })
  @HttpCode(HttpStatus.OK)
  @Post('refresh')
  @Operation('Exchange a refresh token for new tokens', {
    200: SessionBody,
    401: 'The token is spent or unknown',
    403: ELSEWHERE,
  })
  async refresh(@Body() { refresh_token }: RefreshDto): Promise<SessionBody> {
    return presentSession(await this.auth.refresh(refresh_token));
  }

  @HttpCode(HttpStatus.NO_CONTENT)
  @Post('logout')
  @Operation('Sign out: end this login and its sockets', { 204: null, 403: 'The token is of another issuer' })
  logout(@CurrentUser() me: Principal): Promise<void> {
    return this.auth.logout(me);
  }

  @Get('me')
  @Operation('Who one is', { 200: OwnUserBody })
  async me(@CurrentUser() me: Principal): Promise<OwnUserBody> {
    return presentOwnUser(await this.users.get(me.id));
  }
}
