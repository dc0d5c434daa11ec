import { Module } from '@nestjs/common';
import { SampleGateway } from './sample.gateway.js';

@Module({ providers: [SampleGateway] })
export class SampleModule {}
