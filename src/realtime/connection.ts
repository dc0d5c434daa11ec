import { Logger } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { toDomainError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import type { Principal } from '../common/principal.js';
import type { RealtimeSettings } from '../config/settings.js';
import type { Dialect, Frame, Place } from '../dialects/dialect.js';
import { CloseCode } from './close-codes.js';
import { ConnectionUsage, type TokenPlace } from './connection-usage.js';
import type { Encoded } from './encoded.js';
import type { DomainEvent } from './events.js';
import type { Extensions } from './extensions.js';
import type { Handshake } from './handshake.js';
import type { Hub } from './hub.js';
import { Inbox, type InboxOwner } from './inbox.js';
import type { Listener } from './listener.js';
import type { DialectMeter, Ending, Meters } from './meters.js';
import type { ConversationAccess } from './ports.js';
import { Subscriptions } from './subscriptions.js';
import { TokenBucket } from './token-bucket.js';
import type { Transport } from './transport.js';
import { type Rendered, Voice } from './voice.js';

/** A JSON object from a client, not yet looked into. */
export type ClientFrame = Readonly<Record<string, unknown>>;

/** Answers one frame of a client that waits for that, as Socket.IO's acknowledgement callbacks do. */
export type Reply = (answer: Frame) => void;

/** What a handler answers: a frame, several, or nothing. */
export type Answer = Frame | Observable<Frame> | undefined;

/** What a gateway does with a connection's frame; what it answers goes to the sender. */
export type FrameHandler = (connection: Connection, frame: ClientFrame, reply?: Reply) => Promise<Answer> | Answer;

/** Frames at once and a second; a faster sender is read more slowly, not refused. */
const RATE = { burst: 1_000, perSecond: 500 };
/** Bad frames at once, and a second, that are answered; more is abuse. */
const STRIKES = { burst: 100, perSecond: 2 };
/** Frames that may wait for the upgrade to be answered. */
const EARLY_LIMIT = 10_000;
const CLOSED = Promise.resolve();
const NOTHING: readonly (() => void)[] = [];
const NO_HANDLERS: ReadonlyMap<string, FrameHandler> = new Map();
const logger = new Logger('Connection');

/** One client: who is behind it, which dialect it speaks, what it hears, and what it has asked for. */
export class Connection implements Listener, InboxOwner {
  readonly id = newId();
  /** Milliseconds since 1970. */
  readonly since = Date.now();
  readonly usage = new ConnectionUsage();
  readonly inbox: Inbox;
  readonly subscriptions: Subscriptions;
  readonly extensions: Extensions;
  /** Whether it has answered since the last ping. */
  isAlive = true;
  /** The entry of the journal up to which what it hears is up to date from its beginning. */
  journalPosition = 0;
  /** Set by the gateway that serves the dialect. */
  handlers: ReadonlyMap<string, FrameHandler> = NO_HANDLERS;
  /** It hears and asks for nothing more. */
  isEnded = false;

  /** Lists that are made anew when they grow, which they seldom do: a list with room to grow would be the larger for it. */
  private endings: readonly (() => void)[] = NOTHING;
  private departures: readonly (() => void)[] = NOTHING;
  private rate: TokenBucket | undefined;
  private strikes: TokenBucket | undefined;
  /** What was sent before it was opened. */
  private early: Encoded[] | undefined;
  private transport: Transport | undefined;
  private spoken: Voice;
  private counted: DialectMeter;
  private endedBy: Ending = 'left';
  private closing: Promise<void> | undefined;
  private markClosed: (() => void) | undefined;

  constructor(
    public principal: Principal,
    readonly handshake: Handshake,
    dialect: Dialect,
    hub: Hub,
    access: ConversationAccess,
    private readonly settings: RealtimeSettings,
    private readonly meters: Meters,
  ) {
    this.extensions = handshake.extensions;
    this.spoken = Voice.of(dialect, this.extensions);
    this.counted = meters.of(dialect.name);
    this.subscriptions = new Subscriptions(this, hub, access);
    this.inbox = new Inbox(this);
  }

  /** Its inbox is full: nothing more is read, until {@link resume}. */
  pause(): void {
    this.transport?.pause();
  }

  resume(): void {
    this.transport?.resume();
  }

  /** What its client asked for has failed, beyond any one frame. */
  onError(error: unknown): void {
    this.reject(error, undefined);
  }

  get voice(): Voice {
    return this.spoken;
  }

  get dialect(): Dialect {
    return this.spoken.dialect;
  }

  /** Answered when the socket is closed: the peer has read the close frame, or was cut off. */
  get closed(): Promise<void> {
    this.closing ??= new Promise((resolve) => (this.markClosed = resolve));
    return this.closing;
  }

  /** What proved who is behind it; null for a guest. */
  get signedInBy(): TokenPlace | 'user-email' | null {
    return this.principal.isGuest ? null : (this.handshake.tokenPlace ?? 'user-email');
  }

  /** Undefined before the upgrade is answered. */
  get carriedBy(): Transport['carriedBy'] | undefined {
    return this.transport?.carriedBy;
  }

  /** Frames that were written for its client. */
  get sent(): number {
    return this.transport?.sent ?? 0;
  }

  /** Bytes that its client has not read yet. */
  get unread(): number {
    return this.transport?.unread ?? 0;
  }

  /** What is counted of its dialect. */
  get meter(): DialectMeter {
    return this.counted;
  }

  /** Takes up another dialect: what the gateway of the one before had begun is ended. */
  speak(dialect: Dialect): void {
    this.depart();
    this.spoken = Voice.of(dialect, this.extensions);
    this.counted = this.meters.of(dialect.name);
  }

  /** Opens, when the upgrade is answered: what was sent until now goes out first. */
  attach(transport: Transport): void {
    this.transport = transport;
    this.counted.opened++;
    for (const encoded of this.early ?? []) transport.send(encoded);
    this.early = undefined;
  }

  /** Sends a frame to this connection alone. */
  send(frame: Frame): void {
    if (this.isEnded) return;
    this.counted.sent++;
    const encoded = this.voice.encode(frame);
    if (this.transport) this.transport.send(encoded);
    else this.keep(encoded);
  }

  /** Sends what a handler answers, if it answers anything. */
  answer(frame: Frame | undefined): void {
    if (frame !== undefined) this.send(frame);
  }

  show(event: DomainEvent, place: Place): void {
    const rendered = this.voice.render(event, place);
    if (!rendered) return;
    this.counted.shown++;
    this.hear(rendered);
  }

  drained(): Promise<void> {
    return this.transport?.drained() ?? Promise.resolve();
  }

  hear({ encoded, exceptUser, exceptConnection, droppable }: Rendered): void {
    if (exceptUser === this.principal.id || exceptConnection === this.id) {
      this.counted.withheld++;
    } else if (this.isEnded) {
      return;
    } else if (this.transport) {
      if (!this.transport.share(encoded, droppable)) this.counted.dropped++;
    } else {
      this.keep(encoded);
    }
  }

  /** Answers a frame whose work is still going on, without holding up the frames behind it. */
  track(work: Promise<Frame | undefined>, frame: object, reply?: Reply): void {
    this.inbox.track(
      work.then(
        (answer) => this.answer(answer),
        (error: unknown) => this.reject(error, frame, reply),
      ),
    );
  }

  /** Tells the sender, in its dialect, that a frame was refused; who sends too many such frames is disconnected. */
  reject(error: unknown, frame: object | undefined, reply?: Reply): void {
    if (this.isEnded) return;
    const refusal = toDomainError(error);
    this.counted.refused.add(refusal.code);
    if (refusal.kind === 'internal') logger.error((error as Error)?.message ?? error, (error as Error)?.stack);
    this.send(this.dialect.error(refusal, frame));
    if (reply && this.dialect.refusal) reply(this.dialect.refusal(refusal));
    this.strike(refusal.kind);
  }

  /** Answered when its client's next frame may be looked at; nothing, when it may be now. */
  pace(): Promise<void> | undefined {
    if (!this.settings.rateLimits) return undefined;
    this.rate ??= new TokenBucket(RATE.burst, RATE.perSecond);
    return this.rate.take() ? undefined : this.rate.turn();
  }

  /** Counts a refusal against its sender; one that is not the sender's fault does not count. */
  strike(kind: string): void {
    if (!this.settings.rateLimits || kind === 'unavailable' || kind === 'internal') return;
    this.strikes ??= new TokenBucket(STRIKES.burst, STRIKES.perSecond);
    if (!this.strikes.take()) this.close(CloseCode.ABUSE, 'too many bad frames');
  }

  /** Ends with a close frame; what was sent before it is written first. */
  close(code: CloseCode, reason: string): void {
    if (this.isEnded) return;
    this.endedBy = code;
    this.transport?.close(code, reason);
    this.end();
  }

  /** Cuts the socket of a peer that does not answer. */
  terminate(): void {
    this.endedBy = 'silent';
    this.transport?.terminate();
    this.end();
  }

  /** Called by the transport when its peer is gone. */
  lost(): void {
    this.end();
    this.endClosing();
  }

  ping(): void {
    this.isAlive = false;
    this.transport?.ping();
  }

  /** Whether the peer can be reached: false before the upgrade is answered, and after the end. */
  get isOpen(): boolean {
    return this.transport?.isOpen ?? false;
  }

  /** Calls `ending` once, when the connection has ended, however it did. */
  onEnd(ending: () => void): void {
    if (this.isEnded) ending();
    else this.endings = [...this.endings, ending];
  }

  /** Calls `departure` once, when the connection ends or takes up another dialect. */
  onDepart(departure: () => void): void {
    if (this.isEnded) departure();
    else this.departures = [...this.departures, departure];
  }

  /** Ends everything that the connection takes part in. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    if (this.transport) this.counted.ended.add(this.endedBy);
    else this.endClosing();
    this.inbox.close();
    this.depart();
    const { endings } = this;
    this.endings = NOTHING;
    for (const ending of endings) ending();
  }

  private endClosing(): void {
    this.markClosed?.();
    this.closing = CLOSED;
  }

  /** Until it is opened. */
  private keep(encoded: Encoded): void {
    if ((this.early ??= []).push(encoded) > EARLY_LIMIT) this.end();
  }

  private depart(): void {
    this.handlers = NO_HANDLERS;
    this.subscriptions.end();
    const { departures } = this;
    this.departures = NOTHING;
    for (const departure of departures) departure();
  }
}
