import { CheckInsService } from '../../check-ins/check-ins.service.js';
import { forbidden, invalid, notFound, unauthenticated } from '../../common/errors.js';
import { isUuid } from '../../common/ids.js';
import type { Connection } from '../../realtime/connection.js';
import { DialectGateway } from '../../realtime/dialect-gateway.js';
import { Feeds } from '../../realtime/feeds.js';
import type { Handshake } from '../../realtime/handshake.js';
import type { HandshakeHook } from '../../realtime/registry.js';
import { sessionTopic } from '../../realtime/topics.js';
import { dashboard } from './dashboard.presenter.js';

/** Who may watch an event session; nobody sends anything here. */
@DialectGateway(dashboard)
export class DashboardGateway implements HandshakeHook {
  constructor(
    private readonly checkIns: CheckInsService,
    private readonly feeds: Feeds,
  ) {}

  /** @throws invalid, not_found; unauthenticated or forbidden, where only the session's host and admins may watch. */
  async onHandshake(connection: Connection, { parameters: { sessionID } }: Handshake): Promise<void> {
    if (!isUuid(sessionID)) throw invalid('A session is named by a uuid');
    const session = await this.checkIns.sessionAccess(sessionID);
    if (!session) throw notFound('Session');
    const { id, role, isGuest } = connection.principal;
    if (session.dashboardAccess === 'host') {
      if (isGuest) throw unauthenticated();
      if (id !== session.hostId && role !== 'admin') throw forbidden("Only the session's host may watch it");
    }
    await this.feeds.follow(sessionTopic(session.id), connection);
  }
}
