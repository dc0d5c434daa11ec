import { Injectable } from '@nestjs/common';
import { audit } from '../common/audit.js';
import { invalid, notFound, unavailable } from '../common/errors.js';
import { isUuid } from '../common/ids.js';
import { decodeCursor, toPage } from '../common/pagination.js';
import type { Principal } from '../common/principal.js';
import { type ConnectionFilter, type ConnectionState, Oversight } from '../realtime/oversight.js';
import { Attendance, Cluster, Journal, type Question } from '../realtime/ports.js';
import { EventPublisher } from '../realtime/publisher.js';
import { UsersService } from '../users/users.service.js';
import type { ConnectionsQuery } from './admin.dto.js';
import {
  type ConnectionBody,
  type ConnectionsBody,
  type DisconnectedBody,
  presentConnection,
} from './admin.presenter.js';

interface Listing extends ConnectionFilter {
  readonly node: string | undefined;
  readonly afterId: string | undefined;
  readonly count: number;
}

const LIST: Question<Listing, ConnectionState[]> = { name: 'connections.list' };
const FIND: Question<string, ConnectionState | null> = { name: 'connections.find' };
const END: Question<string, ConnectionState | null> = { name: 'connections.end' };

/** The connections of all nodes: which there are, and ending them. */
@Injectable()
export class LiveConnectionsService {
  constructor(
    oversight: Oversight,
    private readonly cluster: Cluster,
    private readonly attendance: Attendance,
    private readonly journal: Journal,
    private readonly events: EventPublisher,
    private readonly users: UsersService,
  ) {
    cluster.onQuestion(LIST, ({ node, afterId, count, ...filter }) =>
      node === undefined || node === cluster.thisNode ? oversight.list(filter, afterId, count) : [],
    );
    cluster.onQuestion(FIND, (id) => oversight.find(id) ?? null);
    cluster.onQuestion(END, (id) => oversight.end(id) ?? null);
  }

  /** A page, the oldest first. @throws not_found, for a user who does not exist; invalid, for a foreign cursor */
  async list(admin: Principal, { user, dialect, node, limit, cursor }: ConnectionsQuery): Promise<ConnectionsBody> {
    const [afterId] = cursor === undefined ? [] : decodeCursor(cursor, isUuid);
    const userId = user === undefined ? undefined : (await this.users.get(user)).id;
    const listing = { userId, dialect, node: node?.toLowerCase(), afterId, count: limit + 1 };
    const { answers, silent } = await this.cluster.ask(LIST, listing);
    audit(admin, 'connections.list', { user: userId });
    const found = [...answers].flatMap(([of, states]) => states.map((state) => ({ ...state, node: of })));
    const sorted = found.toSorted((one, other) => (one.id < other.id ? -1 : 1));
    return { ...toPage(sorted, limit, presentConnection, ({ id }) => [id]), silent_nodes: [...silent] };
  }

  /** @throws invalid; not_found; unavailable, where a node that may have it does not answer */
  async get(admin: Principal, id: string): Promise<ConnectionBody> {
    const found = await this.askFor(FIND, id);
    audit(admin, 'connections.get', { connection: found.id, user: found.user?.id });
    return presentConnection(found);
  }

  /** Ends a connection. @throws invalid; not_found; unavailable, where a node that may have it does not answer */
  async end(admin: Principal, id: string): Promise<void> {
    const ended = await this.askFor(END, id);
    audit(admin, 'connections.end', { connection: ended.id, user: ended.user?.id, node: ended.node });
  }

  /**
   * Ends all connections of a user, on every node within a second, whatever the bus does. The user may come back.
   *
   * @throws invalid, not_found
   */
  async endAll(admin: Principal, name: string): Promise<DisconnectedBody> {
    const { id: userId } = await this.users.get(name);
    const connections = this.attendance.connectionsOf(userId);
    await this.journal.noteDisconnection(userId);
    audit(admin, 'users.disconnect', { user: userId });
    this.events.publish({ type: 'user.disconnected', userId });
    return { user_id: userId, connections };
  }

  private async askFor(
    question: Question<string, ConnectionState | null>,
    id: string,
  ): Promise<ConnectionState & { readonly node: string }> {
    if (!isUuid(id)) throw invalid('A connection is named by a uuid');
    const { answers, silent } = await this.cluster.ask(question, id.toLowerCase());
    for (const [node, state] of answers) if (state) return { ...state, node };
    if (silent.length > 0) throw unavailable(`It is at none of the nodes that answer; silent: ${silent.join(', ')}`);
    throw notFound('Connection');
  }
}
