import type { Principal } from '../common/principal.js';
import type { Place } from '../dialects/dialect.js';
import type { CloseCode } from './close-codes.js';
import type { DomainEvent } from './events.js';
import type { Rendered, Voice } from './voice.js';

/** What rooms know of a connection: someone to whom events are shown. */
export interface Listener {
  readonly voice: Voice;
  readonly principal: Principal;
  /** It hears nothing more. */
  readonly isEnded: boolean;
  /** Gets an event that was encoded for all of its voice, unless it is one of those left out. */
  hear(rendered: Rendered): void;
  /** Gets an event that nobody else is shown. */
  show(event: DomainEvent, place: Place): void;
  /** Answered when what it was sent is on its way, or it has ended. */
  drained(): Promise<void>;
  close(code: CloseCode, reason: string): void;
}
