import { signal } from '@preact/signals';
import type { Session } from '../accounts/session.js';
import type { Dialect, Frame, Heard, Purpose } from '../dialects/dialect.js';
import { type Entry, FrameLog } from '../frames/frame-log.js';
import { SIGNED_OUT } from '../wire/closings.js';
import { connect } from '../wire/connect.js';
import type { Closing, Wire, WireFrame } from '../wire/wire.js';

/** Milliseconds before coming back is tried: the first time, and at most. */
const FIRST_RETURN = 1_000;
const LAST_RETURN = 15_000;
/** Milliseconds between two pings, of dialects that have one. */
const PING_EVERY = 30_000;
/** How many round trips are kept. */
const TRIPS = 60;

/** `waiting`: lost, and coming back by itself. `resuming`: back, and asking for what was missed. */
export type LineState = 'closed' | 'connecting' | 'open' | 'resuming' | 'waiting';

/** Who connects, how. No account: as nobody, where the dialect lets nobody in. */
export interface Caller {
  readonly dialect: Dialect;
  readonly account: Session | undefined;
  readonly extensions: readonly string[];
}

export interface LineListener {
  /** @param isBack whether it was lost before, without being closed */
  opened(isBack: boolean): void;
  heard(heard: Heard, entry: Entry): void;
  /** It is not open any more, whether it will come back or not. */
  lost(): void;
}

/** A connection that comes back when it is lost, with the log of its frames and the time that answers take. */
export class Line {
  readonly state = signal<LineState>('closed');
  readonly closing = signal<Closing | undefined>(undefined);
  /** Milliseconds between asking and hearing, the last last. */
  readonly roundTrips = signal<readonly number[]>([]);
  readonly log = new FrameLog();
  #caller: Caller | undefined;
  #wire: Wire | undefined;
  #attempts = 0;
  #returning: ReturnType<typeof setTimeout> | undefined;
  #pinging: ReturnType<typeof setInterval> | undefined;
  readonly #asked = new Map<Purpose, number>();

  constructor(private readonly listener: LineListener) {}

  get isOpen(): boolean {
    return this.state.value === 'open' || this.state.value === 'resuming';
  }

  /** Done when the connection is being opened. @throws ApiError when the account has no token */
  async connect(caller: Caller): Promise<void> {
    this.#drop();
    this.#caller = caller;
    this.#attempts = 0;
    await this.#open(false);
  }

  /** Comes back at once, where it would have done so later. @throws ApiError when the account has no token */
  async comeBackNow(): Promise<void> {
    clearTimeout(this.#returning);
    await this.#open(true);
  }

  disconnect(): void {
    const wasOn = this.state.value !== 'closed';
    this.#drop();
    this.#caller = undefined;
    if (wasOn) this.#end({ words: 'You disconnected.', isFinal: true }, 'closed');
  }

  /** @throws Error, in words for people, when it is not open or the text cannot be carried */
  send(text: string, purpose: Purpose = 'other'): void {
    if (!this.#wire || !this.isOpen) throw new Error('Connect first.');
    this.#asked.set(purpose, performance.now());
    this.#wire.send(text);
  }

  async #open(isBack: boolean): Promise<void> {
    const caller = this.#caller!;
    const { dialect, account, extensions } = caller;
    this.state.value = 'connecting';
    this.closing.value = undefined;
    let token: string | undefined;
    try {
      token = await account?.connectionToken();
    } catch (error) {
      if (caller === this.#caller)
        this.#closed({ words: (error as Error).message, isFinal: account?.hasEnded ?? true });
      throw error;
    }
    if (caller !== this.#caller) return; // disconnected meanwhile
    this.#wire = connect(
      { dialect: dialect.name, path: dialect.path, extensions, token },
      {
        opened: () => this.#opened(isBack),
        framed: (frame) => this.#framed(frame),
        closed: (closing) => this.#closed(closing),
      },
    );
  }

  #opened(isBack: boolean): void {
    const { dialect, account, extensions } = this.#caller!;
    const who = account ? ` as ${account.name}` : '';
    const asking = extensions.length > 0 ? `, with ${extensions.join(', ')}` : '';
    this.log.note(`Connected in ${dialect.name}${who} to ${dialect.path}${asking}.`);
    this.#attempts = 0;
    this.state.value = 'open';
    if (dialect.pingFrame) this.#pinging = setInterval(() => this.#ping(), PING_EVERY);
    this.listener.opened(isBack);
    this.#ping();
  }

  #ping(): void {
    const frame: Frame = this.#caller?.dialect.pingFrame?.();
    if (frame && !document.hidden) this.send(JSON.stringify(frame), 'ping');
  }

  #framed({ direction, text, frame, question }: WireFrame): void {
    const { dialect } = this.#caller!;
    const name = frame === undefined ? 'not JSON' : (dialect.nameOf(frame) ?? 'unnamed');
    const entry = this.log.frame(direction, name, text, frame);
    if (direction === 'out' || frame === undefined) return;
    const heard = dialect.hear(frame, question);
    if (!heard) return;
    this.#measure(heard.answers);
    this.listener.heard(heard, entry);
  }

  #measure(purpose: Purpose | undefined): void {
    const begun = purpose && this.#asked.get(purpose);
    if (begun === undefined) return;
    this.#asked.delete(purpose!);
    this.roundTrips.value = [...this.roundTrips.value, performance.now() - begun].slice(-TRIPS);
  }

  /** Lost connections come back, since servers restart; one that was signed out does where its login goes on. */
  #closed(closing: Closing): void {
    const account = this.#caller?.account;
    const hasOpenedBefore = this.isOpen || this.#attempts > 0;
    this.#drop();
    if (closing.code === SIGNED_OUT && account) void this.#afterSignOut(closing, account);
    else if (closing.isFinal || !hasOpenedBefore) this.#end(closing, 'closed');
    else this.#comeBack(closing);
  }

  async #afterSignOut(closing: Closing, account: Session): Promise<void> {
    const caller = this.#caller;
    this.#end(closing, 'closed');
    await account.check();
    if (!account.hasEnded && caller === this.#caller) this.#comeBack(closing);
  }

  #comeBack(closing: Closing): void {
    const wait = Math.min(LAST_RETURN, FIRST_RETURN * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
    this.#end(closing, 'waiting');
    this.#returning = setTimeout(() => void this.#open(true).catch(() => {}), wait);
  }

  #end(closing: Closing, state: 'closed' | 'waiting'): void {
    this.log.note(closing.code ? `Closed (${closing.code}). ${closing.words}` : closing.words);
    this.state.value = state;
    this.closing.value = closing;
    this.listener.lost();
  }

  #drop(): void {
    clearTimeout(this.#returning);
    clearInterval(this.#pinging);
    this.#asked.clear();
    this.#wire?.close();
    this.#wire = undefined;
  }
}
