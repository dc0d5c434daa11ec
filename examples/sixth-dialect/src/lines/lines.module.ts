import { Module } from '@nestjs/common';
import { LinesGateway } from './lines.gateway.js';

@Module({ providers: [LinesGateway] })
export class LinesModule {}
