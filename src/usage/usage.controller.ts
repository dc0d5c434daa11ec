import { Controller, Get, Query } from '@nestjs/common';
import { CurrentUser, Roles } from '../auth/access.js';
import { Operation } from '../common/http/operation.js';
import type { Principal } from '../common/principal.js';
import { UsageQuery } from './usage.dto.js';
import { UsagePage } from './usage.presenter.js';
import { UsageService } from './usage.service.js';

@Controller('admin/usage')
@Roles('admin')
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  @Get()
  @Operation('Which clients use which dialect, and ways that are to be left, by day', { 200: UsagePage })
  list(@CurrentUser() me: Principal, @Query() query: UsageQuery): Promise<UsagePage> {
    return this.usage.report(me, query);
  }
}
