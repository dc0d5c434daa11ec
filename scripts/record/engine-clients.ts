import type { IncomingHttpHeaders } from 'node:http';
import { EngineSession } from './engine-session.js';
import { credentialsOf } from './handshake.js';
import type { Side } from './recording.js';
import type { Scribe, Seen, SeenOpening } from './scribe.js';
import type { Credentials } from './survey.js';

/** What a poll was answered. */
type Answer = Promise<{ status: number; body: string } | undefined>;

/** The Socket.IO clients that go through: each is one connection, by whatever transports its packets go. */
export class EngineClients {
  private readonly sessions = new Map<string, EngineSession>();

  constructor(
    private readonly scribe: Scribe,
    private readonly now: () => number,
    private readonly number: () => number,
  ) {}

  /** What a polling client posts; answered when it may go on. */
  async post(address: URL, body: string): Promise<void> {
    await this.sessions.get(address.searchParams.get('sid') ?? '')?.payload('client', body);
  }

  /** A poll, and what it is answered. */
  poll(headers: IncomingHttpHeaders, address: URL, answered: Answer): void {
    const session = this.sessions.get(address.searchParams.get('sid') ?? '') ?? this.begin('polling', headers, address);
    void this.hear(session, answered);
  }

  private async hear(session: EngineSession, answered: Answer): Promise<void> {
    const answer = await answered;
    if (answer?.status !== 200) return;
    await session.payload('server', answer.body);
    if (session.id !== undefined) this.sessions.set(session.id, session);
  }

  /** A websocket at Socket.IO's path: that of a session which began by polling, or of a new one. */
  websocket(headers: IncomingHttpHeaders, address: URL): EngineSession {
    return this.sessions.get(address.searchParams.get('sid') ?? '') ?? this.begin('websocket', headers, address);
  }

  /** The websocket of a session has ended, and the session with it. */
  ended(session: EngineSession, by: Side): void {
    if (session.id !== undefined) this.sessions.delete(session.id);
    session.end(by);
  }

  private begin(transport: 'polling' | 'websocket', headers: IncomingHttpHeaders, address: URL): EngineSession {
    const { scribe } = this;
    let connection = 0;
    let credentials: Credentials | undefined;
    let isOpen = false;
    let settle: (seen: Seen | undefined) => void = () => {};
    let opening: SeenOpening | undefined;
    const close = (from: Side): void => {
      settle(undefined);
      if (isOpen) scribe.note({ seen: 'closing', at: this.now(), connection, from });
      isOpen = false;
    };
    return new EngineSession(transport, {
      asks: async (auth) => {
        if (connection !== 0) return;
        connection = this.number();
        credentials = credentialsOf(headers, address, auth);
        const { ext } = (auth ?? {}) as { ext?: unknown };
        opening = {
          seen: 'opening',
          at: this.now(),
          connection,
          dialect: 'socketio',
          address,
          protocols: [],
          credentials,
          transport,
          ...(ext !== undefined && { ext }),
        };
        scribe.note(new Promise<Seen | undefined>((resolve) => (settle = resolve)));
        await scribe.meet(credentials);
      },
      letIn: () => {
        isOpen = true;
        settle(opening);
      },
      refused: (data) => {
        const { status } = (data as { data?: { status?: number } } | undefined)?.data ?? {};
        settle(opening && { ...opening, refused: status ?? 400 });
      },
      event: (from, event, ack) =>
        scribe.note({ seen: 'frame', at: this.now(), connection, credentials, from, event, ack }),
      acknowledges: (from, answer, ack) =>
        scribe.note({ seen: 'frame', at: this.now(), connection, credentials, from, answer, ack }),
      nonsense: (from, text) => scribe.note({ seen: 'frame', at: this.now(), connection, credentials, from, text }),
      disconnects: close,
    });
  }
}
