/** A conversation by each of the names that a wire may give it. */
export interface Conversation {
  readonly id: string;
  readonly number: number;
  readonly slug: string | null;
}

/** What the server said of one attempt to send. */
export type Answer =
  /** It is stored: as this message and, where the dialect tells, at this offset. */
  | { readonly kind: 'acknowledged'; readonly messageId: string | number; readonly offset?: number | undefined }
  | { readonly kind: 'refused'; readonly why: string }
  /** The connection ended, or could not be made, before there was an answer. */
  | { readonly kind: 'lost' }
  /** There was none, on a connection that stayed. */
  | { readonly kind: 'silence' };

export interface Attempt {
  /** When it was made, and when it was answered, in milliseconds of the test's clock. */
  readonly at: number;
  readonly until: number;
  readonly node: string;
  readonly answer: Answer;
}

/** A message, or the new text of one, that someone has sent: perhaps more than once, under one name. */
export interface Sent {
  /** Of no other message. */
  readonly content: string;
  readonly conversation: Conversation;
  readonly senderId: string;
  readonly clientMessageId: string;
  /** When it was sent first, in milliseconds of the test's clock. */
  readonly at: number;
  readonly attempts: Attempt[];
  /** The one change of it that was tried, of which nothing else is known unless it is acknowledged. */
  edit: Sent | undefined;
}

export interface Heard {
  readonly offset: number;
  readonly content: string;
  /** When, in milliseconds of the test's clock. */
  readonly at: number;
}

/** What one connection heard of one conversation. */
export interface Stream {
  readonly conversation: Conversation;
  /** The offset that it asked to go on from. */
  readonly since: number;
  /** Heard unasked, before it was answered that it goes on from there. */
  readonly before: Heard[];
  /** What it was answered: the newest offset, and whether everything since follows. */
  entered: { readonly offset: number; readonly recovered: boolean } | undefined;
  /** Heard since. */
  readonly after: Heard[];
}

/** One connection of a listener, from its first moment to its end. */
export interface Line {
  readonly listener: Listener;
  readonly node: string;
  readonly streams: Map<string, Stream>;
  /** Whether it is open at the end of it all. */
  isOpen: boolean;
  /** How it ended, and when. */
  ending: { readonly how: string; readonly at: number } | undefined;
}

/** Someone who listens, on one connection after the other. */
export interface Listener {
  readonly name: string;
  readonly dialect: string;
  readonly userId: string;
  /** Whether its user's own messages come to it too. */
  readonly hearsOwn: boolean;
  readonly lines: Line[];
  /** By conversation, when it was answered that the listener may not hear it any more; 0: it never might. */
  readonly revocations: Map<string, number>;
}

/** Everything that clients did and were told, to be held against the database. */
export class Ledger {
  readonly sent = new Map<string, Sent>();
  readonly listeners: Listener[] = [];
  /** Frames about messages that name no conversation of the test. */
  readonly strays: string[] = [];

  /** A message that is about to be sent. */
  send(sent: Omit<Sent, 'at' | 'attempts' | 'edit'>): Sent {
    const entry = { ...sent, at: performance.now(), attempts: [], edit: undefined };
    this.sent.set(sent.content, entry);
    return entry;
  }

  listen(listener: Omit<Listener, 'lines' | 'revocations'>): Listener {
    const entry = { ...listener, lines: [], revocations: new Map<string, number>() };
    this.listeners.push(entry);
    return entry;
  }

  /** How many messages were sent, how many of them acknowledged, and how many frames about them heard. */
  get totals(): { sent: number; acknowledged: number; heard: number } {
    let heard = 0;
    for (const { lines } of this.listeners) {
      for (const { streams } of lines) {
        for (const { before, after } of streams.values()) heard += before.length + after.length;
      }
    }
    const acknowledged = [...this.sent.values()].filter(isAcknowledged).length;
    return { sent: this.sent.size, acknowledged, heard };
  }
}

/** The first attempt that was acknowledged. */
export function acknowledgement({ attempts }: Sent): Attempt | undefined {
  return attempts.find(({ answer }) => answer.kind === 'acknowledged');
}

export function isAcknowledged({ attempts }: Sent): boolean {
  return attempts.some(({ answer }) => answer.kind === 'acknowledged');
}
