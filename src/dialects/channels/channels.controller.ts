import { Controller, Get } from '@nestjs/common';
import { Equals, IsInt, IsObject } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Public } from '../../auth/access.js';
import { Operation } from '../../common/http/operation.js';
import { IsObjectOf } from '../../common/shape.validators.js';
import { Census } from '../../realtime/cluster/census.js';
import { channels } from './channels.presenter.js';

class ClientCounts {
  @IsInt()
  total_clients: number;

  /** By the slugs of open channels. */
  @IsObject()
  @JSONSchema({ additionalProperties: { type: 'integer' } })
  channels: Record<string, number>;
}

/** `channels.md`, "Statistics Endpoint". */
class StatisticsBody {
  @Equals(true)
  success: true;

  @IsObjectOf(() => ClientCounts)
  data: ClientCounts;
}

/** The statistics of the `channels` dialect; they name open channels only (contract §3). */
@Controller('ws')
export class ChannelsController {
  constructor(private readonly census: Census) {}

  @Get('stats')
  @Public()
  @Operation('How many are connected in the dialect channels', { 200: StatisticsBody })
  async statistics(): Promise<StatisticsBody> {
    const { total, channels: counts } = await this.census.take(channels.name);
    return { success: true, data: { total_clients: total, channels: Object.fromEntries(counts) } };
  }
}
