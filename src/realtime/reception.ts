import { Injectable, Logger } from '@nestjs/common';
import { DomainError, forbidden, toDomainError, unavailable } from '../common/errors.js';
import type { Principal } from '../common/principal.js';
import { RealtimeSettings } from '../config/settings.js';
import { Admission } from './admission.js';
import { Connection } from './connection.js';
import { Connections } from './connections.js';
import { DialectBinder } from './dialect-binder.js';
import { newGuest } from './guest.js';
import type { Handshake } from './handshake.js';
import { Heartbeat } from './heartbeat.js';
import { Hub } from './hub.js';
import { Meters } from './meters.js';
import { Origins } from './origins.js';
import { Attendance, Authenticator, ConversationAccess, type Credentials } from './ports.js';
import type { Service } from './registry.js';
import { Standing } from './standing.js';
import type { Transport } from './transport.js';
import { UsageTally } from './usage-tally.js';

const NOBODY: readonly string[] = [];
/** Connections of nobody, whom no limit of a user holds; not by address, since many may come by one proxy. */
const MOST_GUESTS = 10_000;

/**
 * Lets clients in, whatever carries their frames: who asks, may it be, and from when on it hears. All of it before the
 * client is answered, so that a refusal is no open socket and an open socket hears everything from its first moment on.
 */
@Injectable()
export class Reception {
  private readonly logger = new Logger(Reception.name);
  private isClosed = false;

  constructor(
    private readonly admission: Admission,
    private readonly authenticator: Authenticator,
    private readonly attendance: Attendance,
    private readonly access: ConversationAccess,
    private readonly binder: DialectBinder,
    private readonly connections: Connections,
    private readonly standing: Standing,
    private readonly heartbeat: Heartbeat,
    private readonly hub: Hub,
    private readonly origins: Origins,
    private readonly usage: UsageTally,
    private readonly settings: RealtimeSettings,
    private readonly meters: Meters,
  ) {}

  /** From now on nobody is let in: the server is leaving. */
  close(): void {
    this.isClosed = true;
  }

  /**
   * A connection for who may connect, counted from now on: to be opened, or ended. It hears what it should; what it is sent
   * meanwhile waits for it to be opened. It is ended when its client departs before.
   *
   * @throws unavailable, forbidden, unauthenticated, rate_limited, and what its dialect's gateway refuses it with
   */
  async receive(handshake: Handshake, service: Service, departed: AbortSignal): Promise<Connection> {
    this.assertOpen();
    if (!this.origins.allows(handshake.origin, handshake.host)) throw forbidden('This origin is not allowed');
    return this.admission.admit(departed, async () => {
      const connection = await this.welcome(handshake, service);
      const end = (): void => connection.end();
      if (departed.aborted) end();
      else departed.addEventListener('abort', end);
      try {
        await this.prepare(connection, service);
      } catch (error) {
        end();
        throw error;
      }
      return connection;
    });
  }

  /** Opens a connection, when its client is answered: its frames reach the gateway from now on. */
  open(connection: Connection, service: Service, transport: Transport): void {
    connection.attach(transport);
    this.binder.bind(connection, service);
    this.heartbeat.watch(connection);
    this.usage.begin(connection);
    this.logger.debug(`${connection.id} connected: ${service.dialect.name}, user ${connection.principal.id}`);
    connection.onEnd(() => this.logger.debug(`${connection.id} disconnected`));
  }

  /** What a client may be told of why it was not let in. */
  refusalOf(error: unknown): DomainError {
    const refusal = toDomainError(error);
    this.meters.handshakesRefused.add(refusal.code);
    if (refusal.kind === 'internal') this.logger.error((error as Error).message, (error as Error).stack);
    return refusal;
  }

  private async welcome(handshake: Handshake, { dialect }: Service): Promise<Connection> {
    this.assertOpen();
    const { userEmail, ...others } = handshake.credentials;
    const credentials = { ...others, userEmail: dialect.headerAuth ? userEmail : [] };
    const [principal, newestEntry] = await Promise.all([
      dialect.guests ? this.identify(credentials) : this.authenticator.authenticate(credentials),
      this.standing.newestEntry(),
    ]);
    // Counted and admitted in one step: many handshakes at once must not pass the limit together.
    if (this.attendance.connectionsOf(principal.id) >= this.settings.maxConnectionsPerUser) {
      throw new DomainError('rate_limited', 'too_many_connections', 'Too many connections of this user');
    }
    if (principal.isGuest && this.connections.guests >= MOST_GUESTS) throw unavailable('Too many guests are watching');
    const { peerAddress } = credentials;
    const known = { ...handshake, credentials: { bearer: undefined, userEmail: NOBODY, peerAddress } }; // tokens are not kept
    const connection = new Connection(principal, known, dialect, this.hub, this.access, this.settings, this.meters);
    connection.journalPosition = newestEntry;
    this.connections.add(connection);
    return connection;
  }

  private async prepare(connection: Connection, service: Service): Promise<void> {
    await this.standing.watch(connection);
    await Promise.all([this.standing.confirm(connection), connection.subscriptions.followMemberships()]);
    await this.binder.greet(connection, service);
    if (connection.isEnded) throw unavailable();
    this.assertOpen();
  }

  private assertOpen(): void {
    if (this.isClosed) throw unavailable('The server is shutting down');
  }

  /** The user or, without good credentials, a guest: whether that is enough is for the dialect's gateway to say. */
  private async identify(credentials: Credentials): Promise<Principal> {
    try {
      return await this.authenticator.authenticate(credentials);
    } catch (error) {
      if (toDomainError(error).kind === 'unauthenticated') return newGuest();
      throw error;
    }
  }
}
