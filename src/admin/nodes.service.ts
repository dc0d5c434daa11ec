import { Injectable } from '@nestjs/common';
import { hostname } from 'node:os';
import { readAbout } from '../common/about.js';
import { audit } from '../common/audit.js';
import { isUuid } from '../common/ids.js';
import { decodeCursor, type PageQuery, toPage } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { BusSettings } from '../config/settings.js';
import { DatabaseProbe } from '../database/probe.js';
import { Oversight } from '../realtime/oversight.js';
import { Cluster, type Question } from '../realtime/ports.js';
import type { NodeBody, NodesBody } from './admin.presenter.js';
import { EventLoop } from './event-loop.js';

const STATE: Question<null, NodeBody> = { name: 'nodes.state' };

/** How the nodes are. */
@Injectable()
export class NodesService {
  private readonly since = new Date();
  private readonly version = readAbout().version;

  constructor(
    private readonly cluster: Cluster,
    private readonly oversight: Oversight,
    private readonly database: DatabaseProbe,
    private readonly eventLoop: EventLoop,
    private readonly bus: BusSettings,
  ) {
    cluster.onQuestion(STATE, () => this.stateHere());
  }

  /** A page, the oldest first. @throws invalid, for a foreign cursor */
  async list(admin: Principal, { limit, cursor }: PageQuery): Promise<NodesBody> {
    const [afterId = ''] = cursor === undefined ? [] : decodeCursor(cursor, isUuid);
    const { answers, silent } = await this.cluster.ask(STATE, null);
    audit(admin, 'nodes.list');
    const nodes = [...answers.values()].filter(({ id }) => id > afterId);
    const sorted = nodes.toSorted((one, other) => (one.id < other.id ? -1 : 1));
    return {
      ...toPage(
        sorted,
        limit,
        (node) => node,
        ({ id }) => [id],
      ),
      silent_nodes: [...silent],
    };
  }

  private async stateHere(): Promise<NodeBody> {
    return {
      id: this.cluster.thisNode,
      host: hostname(),
      version: this.version,
      since: this.since.toISOString(),
      connections: this.oversight.size,
      event_loop_delay_ms: this.eventLoop.delay,
      bus: this.busState,
      database: (await this.database.problem()) ?? 'ok',
    };
  }

  private get busState(): NodeBody['bus'] {
    if (this.bus.redisUrl === undefined) return 'none';
    return this.cluster.isWhole ? 'ok' : 'away';
  }
}
