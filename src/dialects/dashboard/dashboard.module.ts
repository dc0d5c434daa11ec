import { Module } from '@nestjs/common';
import { CheckInsModule } from '../../check-ins/check-ins.module.js';
import { DashboardGateway } from './dashboard.gateway.js';

@Module({ imports: [CheckInsModule], providers: [DashboardGateway] })
export class DashboardModule {}
