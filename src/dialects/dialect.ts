import type { DomainError } from '../common/errors.js';
import type { Principal } from '../common/principal.js';
import type { DomainEvent } from '../realtime/events.js';
import type { Extensions } from '../realtime/extensions.js';
import type { Handshake } from '../realtime/handshake.js';
import type { Frames } from './frame.js';

/** A JSON object as it is on the wire. */
export type Frame = object;

/**
 * From where a connection hears: it has entered the conversation (asked to hear it, or its dialect did so unasked), or it
 * only attends, as one whose user takes part in it.
 */
export type Place = 'entered' | 'attending';

/** How a dialect shows an event: which of those who hear the conversation are left out, and the frame of the others. */
export interface Presentation {
  /** Called once for each set of extensions that listeners asked for, whatever their number. Nothing: not for those. */
  frame(extensions: Extensions): Frame | undefined;
  /** A user whose connections do not get it. */
  readonly exceptUser?: string;
  /** A connection that does not get it. */
  readonly exceptConnection?: string | null;
  /** May be left out for a reader that lags behind: what is never stored and soon outdated. */
  readonly droppable?: boolean;
}

/**
 * A wire protocol: how its clients are told apart, and how what has happened looks to them. What they send is handled by
 * the gateway that is declared for it with `@DialectGateway(dialect)`.
 */
export interface Dialect {
  /** As in `?dialect=` and the subprotocol `parlance.<name>`. */
  readonly name: string;
  /** Where its clients connect. */
  readonly path: string;
  /**
   * What becomes of the user's conversations when a connection opens: it enters them all, or attends them all, or nothing;
   * it then enters those that its frames ask for.
   */
  readonly memberships: 'entered' | 'attended' | 'ignored';
  /** Whether a `User-Email` header may name the user. */
  readonly headerAuth: boolean;
  /** Whether what its clients send is not even looked at. */
  readonly readOnly?: boolean;
  /** Whether it may be listened to without being anyone; what a guest may hear is for the gateway to say. */
  readonly guests?: boolean;
  /** What its clients send and get. */
  readonly frames: Frames;
  /** Whether a protocol of its own carries its frames (`realtime/carrier.ts`), so that no plain websocket speaks it. */
  readonly isCarried?: boolean;

  /** Whether a handshake at a path shared with another dialect is surely this one's. */
  claims?(handshake: Handshake): boolean;
  /** Whether a first frame has this dialect's shape, not that of the other one at the path. */
  recognises(frame: Readonly<Record<string, unknown>>): boolean;
  /** The name of the handler (`@SubscribeMessage`) for a frame, if it names one. */
  eventOf(frame: Readonly<Record<string, unknown>>): string | undefined;
  /** Looks at what is the same in all frames, before a handler gets one. @throws when that is not as it must be */
  vet?(frame: Readonly<Record<string, unknown>>, principal: Principal): void;
  /** The event in this dialect's form, or nothing when it does not show it. */
  present(event: DomainEvent, place: Place): Presentation | undefined;
  /** What a client's text says, where that is not just its JSON. @throws invalid */
  decode?(text: string): Readonly<Record<string, unknown>>;
  /** A frame's text on the wire, where that is not just its JSON; with `decode`, also of what clients send, for the documents. */
  encode?(frame: Frame): string;
  /** What a sender is told when its frame was refused. */
  error(error: DomainError, frame: object | undefined): Frame;
  /** What it is answered, beside that, where it waits for an answer to its frame. */
  refusal?(error: DomainError): Frame;
}
