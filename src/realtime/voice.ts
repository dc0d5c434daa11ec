import type { Dialect, Frame, Place } from '../dialects/dialect.js';
import { Encoded } from './encoded.js';
import type { DomainEvent } from './events.js';
import type { Extensions } from './extensions.js';

/** An event as it goes to sockets, and who of those that listen is left out. */
export interface Rendered {
  readonly encoded: Encoded;
  readonly exceptUser: string | undefined;
  readonly exceptConnection: string | null | undefined;
  readonly droppable: boolean;
}

/** A dialect with a set of extensions: connections of one voice get the same bytes. There is one object for each. */
export class Voice {
  private static readonly voices = new Map<Dialect, Map<Extensions, Voice>>();

  private constructor(
    readonly dialect: Dialect,
    readonly extensions: Extensions,
  ) {}

  static of(dialect: Dialect, extensions: Extensions): Voice {
    let ofDialect = this.voices.get(dialect);
    if (!ofDialect) this.voices.set(dialect, (ofDialect = new Map<Extensions, Voice>()));
    let voice = ofDialect.get(extensions);
    if (!voice) ofDialect.set(extensions, (voice = new Voice(dialect, extensions)));
    return voice;
  }

  /** The event as this voice's connections in `place` get it, or nothing when they do not. */
  render(event: DomainEvent, place: Place): Rendered | undefined {
    const presentation = this.dialect.present(event, place);
    const frame = presentation?.frame(this.extensions);
    if (!presentation || !frame) return undefined;
    return {
      encoded: this.encode(frame),
      exceptUser: presentation.exceptUser,
      exceptConnection: presentation.exceptConnection,
      droppable: presentation.droppable ?? false,
    };
  }

  encode(frame: Frame): Encoded {
    return new Encoded(this.dialect.encode ? this.dialect.encode(frame) : JSON.stringify(frame));
  }
}
