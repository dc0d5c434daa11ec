import { IsInt, IsObject, IsString } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Example } from '../common/example.js';
import { IsListOf } from '../common/shape.validators.js';
import { SurveyPage } from '../common/survey-page.js';
import { IsDay } from './day.validator.js';
import type { UsageRow } from './usage.repository.js';

/** What a client has used of a dialect on a day. */
export class UsageBody {
  /** In UTC. */
  @Example('2026-11-21')
  @IsDay()
  day: string;

  /** Or `rest`. */
  @Example('tribe')
  @IsString()
  dialect: string;

  /** The first product of its `User-Agent`; `unknown` without one; `other` beyond the first 500 of the day. */
  @Example('Dart/3.5')
  @IsString()
  client: string;

  /** That were opened. */
  @Example(120)
  @IsInt()
  connections: number;

  /** Frames from clients; of `rest`, requests. */
  @Example(4810)
  @IsInt()
  received: number;

  /** Frames for clients. */
  @Example(20433)
  @IsInt()
  sent: number;

  /** How often each way that is to be left was used (docs/operations.md). */
  @Example({ 'query-token': 120 })
  @IsObject()
  @JSONSchema({ additionalProperties: { type: 'integer' } })
  old_ways: Record<string, number>;
}

/** Of a node that is silent, the last half minute is missing. */
export class UsagePage extends SurveyPage {
  @IsListOf(() => UsageBody)
  data: UsageBody[];
}

export function presentUsage({ day, dialect, client, counts }: UsageRow): UsageBody {
  const { connections = 0, received = 0, sent = 0, ...ways } = counts;
  return { day, dialect, client, connections, received, sent, old_ways: ways };
}
