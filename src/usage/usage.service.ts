import { Injectable } from '@nestjs/common';
import { audit } from '../common/audit.js';
import { decodeCursor, toPage } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { Cluster, type Question } from '../realtime/ports.js';
import { isDay } from './day.js';
import type { UsageQuery } from './usage.dto.js';
import { presentUsage, type UsagePage } from './usage.presenter.js';
import { UsageRecorder } from './usage.recorder.js';
import { UsageRepository } from './usage.repository.js';

const WRITE: Question<null, true> = { name: 'usage.write' };
const isText = (part: unknown): part is string => typeof part === 'string' && part.length <= 64;

/** Which clients use which dialect, and the ways of it that are to be left. */
@Injectable()
export class UsageService {
  constructor(
    private readonly cluster: Cluster,
    private readonly usage: UsageRepository,
    recorder: UsageRecorder,
  ) {
    cluster.onQuestion(WRITE, async () => {
      await recorder.write();
      return true;
    });
  }

  /** A page, the newest day first, up to date: every node has been asked to write down what it has counted. @throws invalid */
  async report(admin: Principal, { limit, cursor, ...filter }: UsageQuery): Promise<UsagePage> {
    const after = cursor === undefined ? ([] as const) : decodeCursor(cursor, isDay, isText, isText);
    const { silent } = await this.cluster.ask(WRITE, null);
    audit(admin, 'usage.list');
    const { from, to, dialect, client, way } = filter;
    const rows = await this.usage.list({ from, to, dialect, client, way }, [...after], limit + 1);
    const page = toPage(rows, limit, presentUsage, (row) => [row.day, row.dialect, row.client]);
    return { ...page, silent_nodes: [...silent] };
  }
}
